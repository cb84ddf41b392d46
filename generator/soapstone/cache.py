"""Where the command keeps what it finds out, and for which generator that holds.

What is kept are digests of what was there, and nothing that would be run or generated: whoever changes
it can make the command do its work once more, or leave out what was done before, and no other work.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from soapstone.folders import shown
from soapstone.output import list_folder

_VARIABLE = "SOAPSTONE_CACHE"
_OFF = "off"
# What has a part in what is generated, beside the generator.
_LIBRARIES = ("_black_version", "black", "jinja2", "jsonschema", "markupsafe", "yaml")


def cache_folder() -> Path | None:
    """Return where things are kept; None where nothing is to be."""
    chosen = os.environ.get(_VARIABLE, "")
    if chosen == _OFF:
        return None
    if chosen:
        return Path(chosen)
    above = os.environ.get("XDG_CACHE_HOME", "")
    with suppress(RuntimeError):  # there is no home
        return Path(above or Path.home() / ".cache") / "soapstone"
    return None


def kept_file(folder: Path, kind: str, specs: Path, out: Path) -> Path:
    """Return the file for what is known of a service and its package."""
    places = (str(specs.resolve()), shown(specs), str(out.absolute()))
    key = os.fsencode("\0".join(places))
    return folder / f"{hashlib.sha256(key).hexdigest()}.{kind}.json"


def read_kept(path: Path) -> dict[str, object]:
    """Return what is kept in a file; nothing where that is damaged, or of another generator."""
    try:
        document: object = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(document, dict):
        return {}
    kept = cast("dict[str, object]", document)
    return kept if kept.get("generator") == generator() else {}


def keep(path: Path, document: dict[str, object]) -> None:
    """Keep something in a file, in the place of what is there; where that cannot be, it is found out again."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    text = json.dumps({"generator": generator(), **document})
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            made.write_text(text, "utf-8")
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)


@cache
def generator() -> str:
    """Return what tells this generator from any other, with the libraries that it uses."""
    found = [sys.version, list_folder(Path(__file__).parent).digest]
    for name in _LIBRARIES:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            status = Path(spec.origin).stat()
            state = f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"
            found.append(f"{spec.origin} {state}")
    return hashlib.sha256("\0".join(found).encode()).hexdigest()
