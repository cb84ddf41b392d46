"""Types from a consumer's view: right use passes the strict checkers, wrong use is reported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

GENERATED = Path(__file__).parent.parent.parent / "generated"

RIGHT = '''\
"""How a consumer uses the package."""

from __future__ import annotations

from collections.abc import Sequence

from revio import (
    ApiError,
    Credentials,
    Envelope,
    InvalidTn,
    MalformedResponse,
    RevioError,
    Session,
    SmsOptOutCreateRequest,
    SmsSendRequest,
    SoapFault,
    ValidationError,
    Violation,
)
from revio.errors import AlreadyOptedOut
from revio.sms_opt_out_create import build_request, parse_response
from revio.sms_send import SmsSendRequestProfile, SmsSendResponse
from revio.sms_send import build_request as build_send
from revio.sms_send import parse_response as parse_send
from revio.sms_send import validate as validate_send


def opt_out(numbers: list[str], user: Credentials) -> bytes:
    request = SmsOptOutCreateRequest(tns=numbers)
    first: str = request.tns[0]
    kept: Sequence[str] = request.tns
    body: bytes = build_request(request, user, envelope=Envelope.SOAP12)
    return body + first.encode() + ", ".join(kept).encode()


def outcome(document: bytes) -> tuple[str, ...]:
    try:
        response = parse_response(document)
    except InvalidTn as error:
        refused: tuple[str, ...] = error.tns
        return refused
    except AlreadyOptedOut as error:
        return error.tns
    except SoapFault as error:
        return (error.code, error.text, error.actor or "", error.detail or "")
    except MalformedResponse as error:
        return (error.expected, error.received, error.start)
    except ApiError as error:
        succeeded: bool = error.response.header.success
        return (error.code or "", error.description or "", error.message or "", str(succeeded))
    except RevioError:
        return ()
    success: bool = response.header.success
    key: str | None = response.header.session_key
    return (str(success), key or "", *response.repaired)


def send() -> str | None:
    session = Session("key")
    request = SmsSendRequest(
        to_number="8504700000",
        message="x",
        customer_id=7,
        profile=SmsSendRequestProfile(sms_profile_id=1),
    )
    found: list[Violation] = validate_send(request)
    paths: list[str] = [violation.path for violation in found]
    try:
        build_send(request, session)
    except ValidationError as error:
        all_of_them: tuple[Violation, ...] = error.violations
        return all_of_them[0].rule
    answer: SmsSendResponse = parse_send("<a/>", check=False)
    number: int | None = answer.id
    match answer:
        case SmsSendResponse(id=int(known)):
            return str(known + (number or 0))
        case _:
            return answer.profile.from_number if answer.profile else ", ".join(paths)
'''

# Each line is wrong by itself.
WRONG = """\
from revio import Credentials, Session, SmsOptOutCreateRequest, SmsSendRequest, sms_send
from revio.sms_send import SmsSendRequestProfile

SmsSendRequest(to_number=8504700000, message="x")
SmsSendRequest(to_number="8504700000", message=None)
SmsSendRequest(to_number="8504700000", message="x", customer_id="7")
SmsSendRequest(to_number="8504700000", message="x", profile={"from_number": "1"})
SmsSendRequest("8504700000", "x")
SmsSendRequest(to_number="8504700000")
SmsSendRequest(to_number="8504700000", message="x", no_such_field=1)
SmsSendRequestProfile(1)
SmsOptOutCreateRequest(tns=["1", 2])
SmsOptOutCreateRequest(tns=5)
SmsOptOutCreateRequest(tns=None)
SmsOptOutCreateRequest(["1"])
SmsOptOutCreateRequest()
Credentials("user", "secret")
Credentials("user", b"secret", "client")
Session()
Session(5)
sms_send.build_request(SmsSendRequest(to_number="1", message="x"), "key")
sms_send.build_request(SmsSendRequest(to_number="1", message="x"), Session("key"), "soap11")
sms_send.build_request(SmsSendRequest(to_number="1", message="x"), Session("key"), envelope="soap11")
sms_send.build_request(SmsOptOutCreateRequest(tns=["1"]), Session("key"))
sms_send.parse_response(5)
sms_send.parse_response(b"", False)
sms_send.parse_response(b"").no_such_member
sms_send.parse_response(b"").profile.from_number
sms_send.parse_response(b"").header.success = True
SmsSendRequest(to_number="1", message="x").message = "y"
"""

FILES = {"right": RIGHT, "wrong": WRONG}


@pytest.fixture(scope="module")
def consumer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a consumer's modules."""
    folder = tmp_path_factory.mktemp("consumer")
    for name, text in FILES.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder


def checked(folder: Path, *command: str) -> str:
    """What a checker prints."""
    environment = {**os.environ, "MYPYPATH": str(GENERATED), "NO_COLOR": "1"}
    environment["COVERAGE_PROCESS_CONFIG"] = ""
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode in {0, 1}, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def mypy(consumer: Path) -> dict[str, dict[int, str]]:
    """What mypy has to say, by file and line."""
    output = checked(
        consumer,
        *("mypy", "--strict", "--no-error-summary", "--hide-error-context"),
        *("--config-file=", "--cache-dir=.mypy_cache", "--no-pretty"),
        *(f"{name}.py" for name in FILES),
    )
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for line in output.splitlines():
        place, kind, message = line.partition(": error: ")
        if kind:
            file, _, number = place.partition(":")
            found[Path(file).stem][int(number.partition(":")[0])] = message
    return found


@pytest.fixture(scope="module")
def pyright(consumer: Path) -> dict[str, dict[int, str]]:
    """What pyright has to say, by file and line."""
    settings = {
        "typeCheckingMode": "strict",
        "extraPaths": [str(GENERATED)],
        "reportUnusedExpression": False,
        "reportUnusedCallResult": False,
    }
    (consumer / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    report = json.loads(checked(consumer, "pyright", "--outputjson"))
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for each in report["generalDiagnostics"]:
        line = each["range"]["start"]["line"] + 1
        found[Path(each["file"]).stem][line] = each["message"]
    assert report["summary"]["filesAnalyzed"] >= len(FILES)
    return found


@pytest.fixture(params=["mypy", "pyright"])
def report(request: pytest.FixtureRequest) -> dict[str, dict[int, str]]:
    """What one of the checkers has to say, by file and line."""
    found: dict[str, dict[int, str]] = request.getfixturevalue(request.param)
    return found


def test_right_use_passes(report: dict[str, dict[int, str]]) -> None:
    """A typed consumer passes mypy --strict and pyright strict without a word."""
    assert report.get("right", {}) == {}


def test_the_package_itself_passes(report: dict[str, dict[int, str]]) -> None:
    """Checking a consumer turns up nothing in the package."""
    assert set(report) <= set(FILES)


def test_wrong_use_is_reported(report: dict[str, dict[int, str]]) -> None:
    """Each wrong type, positional construction and missing member is reported where it stands."""
    lines = WRONG.splitlines()
    wrong = {number: line for number, line in enumerate(lines, 1) if number > 3}
    assert {wrong[number] for number in wrong if number not in report["wrong"]} == set()
