"""Other libraries: where they are installed, and how their generators are called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.measuring import Command

MISSING = "not installed"
DISTRIBUTIONS = (
    *("zeep", "xsdata", "lxml", "xmltodict"),
    *("openapi-python-client", "datamodel-code-generator", "generateDS"),
)
_VERSIONS = """\
from importlib import metadata
import sys
for name in sys.argv[1:]:
    try:
        print(name, metadata.version(name))
    except metadata.PackageNotFoundError:
        pass
"""


@dataclass(frozen=True, slots=True)
class Peers:
    """An interpreter, and the versions of the peers that it has."""

    python: str = sys.executable
    versions: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def environment(self) -> dict[str, str]:
        """What lets a peer find the programs that it calls, and nothing of ours."""
        folder = str(Path(self.python).parent)
        return {"PATH": os.pathsep.join([folder, os.environ.get("PATH", os.defpath)])}


@dataclass(frozen=True, slots=True)
class PeerCommands:
    """Processes of the peers that are installed, and the names of those that are not."""

    commands: dict[str, Command]
    missing: dict[str, str]


def find_peers(python: str = sys.executable) -> Peers:
    """Ask an interpreter which peers it has."""
    names = sorted(DISTRIBUTIONS)
    told = subprocess.run(
        [python, "-c", _VERSIONS, *names], capture_output=True, text=True, check=True
    )
    versions = dict(line.split() for line in told.stdout.splitlines())
    return Peers(python, versions)


def generation_commands(described: Path, peers: Peers) -> PeerCommands:
    """Return how each generator makes what it makes of the same operations."""
    scripts = Path(peers.python).parent
    all_arguments = {
        # Generates nothing: it reads the WSDL anew in each process.
        "zeep": (peers.python, "-c", "import zeep; zeep.Client('service.wsdl')"),
        "xsdata": (
            str(scripts / "xsdata"),
            "generate",
            "service.wsdl",
            "--package=made",
        ),
        "openapi-python-client": (
            *(str(scripts / "openapi-python-client"), "generate"),
            *("--path", "openapi.json", "--output-path", "made"),
        ),
        "datamodel-code-generator": (
            *(str(scripts / "datamodel-codegen"), "--input", "openapi.json"),
            *("--input-file-type", "openapi", "--output", "made.py"),
        ),
        "generateDS": (
            *(peers.python, str(scripts / "generateDS.py"), "-f"),
            *("-o", "made.py", "service.xsd"),
        ),
    }
    commands, missing = {}, {}
    for name, arguments in all_arguments.items():
        if name not in peers.versions:
            missing[name] = MISSING
            continue
        folder = described.parent / f"made by {name}"
        commands[name] = Command(
            arguments=arguments,
            environment=peers.environment,
            folder=folder,
            prepare=partial(_renew, described, folder),
        )
    return PeerCommands(commands, missing)


def _renew(described: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(described, folder)
