"""No answer costs more than it is worth, and none has anything opened."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import proof_hostile
import pytest
from proof_packages import Subject, subjects

from figures import Figure

HERE = Path(__file__).parent

# How often the time that the standard library takes for a document of the size is too much.
PATIENCE = 100

# A fault is kept as it came, because its text is what it says; an error keeps a beginning.
KEPT = {"MalformedResponse": 10_000, "SoapFault": 5 * proof_hostile.SIZE, "read": 0}

READ = {
    *(
        "text",
        "texts",
        "elements",
        "attribute",
        "attribute of references",
        "attributes",
    ),
    *("namespaces", "comment", "DOCTYPE in a comment", "floor"),
}

SUBJECTS = subjects()


def answer_of(subject: Subject) -> Path:
    """Return the file of the answer of all members."""
    file = Path(str(subject.module.__file__))
    return file.parent / "tests" / "data" / subject.module_name / "answer.xml"


def parent_of(subject: Subject) -> Path:
    """Return the folder from which the package is imported."""
    return Path(str(subject.module.__file__)).parents[2]


def name_of(subject: Subject) -> str:
    """Return how the module of the operation is imported."""
    return f"{subject.package}.{subject.module_name}"


def run(program: str, *arguments: object, standard_input: str = "") -> str:
    """Run a program of this folder, and return what it printed."""
    ended = subprocess.run(
        [sys.executable, HERE / program, *map(str, arguments)],
        input=standard_input,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize(
    "subject",
    [
        each
        for each in SUBJECTS
        # Bare ampersands, secrets, an outcome; attributes and recursion; a result that is a text.
        if str(each)
        in {
            "revio.sms_opt_out_create",
            "tallyhouse.customer_get",
            "header_authentication.log_in",
        }
    ],
    ids=str,
)
def test_what_hurts_is_read_or_refused_with_little_effort(
    subject: Subject, figure: Figure
) -> None:
    """Bombs of entities, 10 MB of anything and 100,000 elements in each other cost little time and memory."""
    printed = run(
        "proof_hostile.py",
        parent_of(subject),
        name_of(subject),
        subject.operation.protocol.result,
        answer_of(subject),
    )
    found: dict[str, tuple[str, float, int]] = json.loads(printed)
    floor = found["floor"][1]
    for name, (outcome, seconds, kept) in found.items():
        assert (outcome == "read") == (name in READ), name
        assert (outcome == "SoapFault") == (name == "fault"), name
        assert seconds < PATIENCE * floor, name
        assert kept <= KEPT[outcome], name
    figure("hostile answers within bounds of time and memory", len(found))


def test_nothing_is_opened(tmp_path: Path, figure: Figure) -> None:
    """Whatever an answer refers to, no file is opened and nobody is called, for no operation."""
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-4711", encoding="utf-8")
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        host, port = server.getsockname()
        operations = [
            (name_of(each), str(answer_of(each)), each.operation.protocol.result)
            for each in SUBJECTS
        ]
        printed = run(
            "proof_opening.py",
            parent_of(SUBJECTS[0]),
            secret,
            f"http://{host}:{port}/entity",
            standard_input=json.dumps(operations),
        )
        with pytest.raises(BlockingIOError):
            server.accept()
    outcomes, seen, control = json.loads(printed)
    assert seen == []
    assert control == [f"open {secret}"]
    assert set(outcomes) >= {"read", "MalformedResponse"}
    figure("answers that would have something opened", sum(outcomes.values()))
