"""One run shows every mistake: ten of them, spread over the files of one service."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

REVIO = Path(__file__).parent.parent / "specs" / "revio"

# What each mistake replaces, and in which file.
MISTAKES = (
    ("sms_send.yaml", "doc: Text to send.", "dok: Text to send."),
    ("sms_send.yaml", "required: true\n    length", "required: often\n    length"),
    (
        "sms_send.yaml",
        "type: int\n    doc: Cust",
        "type: int\n    maximum: 1\n    minimum: 5\n    doc: Cust",
    ),
    ("sms_send.yaml", '"[0-9]{10}"', '"[0-9{10}"'),
    (
        "sms_send.yaml",
        "exclusive: [SmsProfileID, From",
        "exclusive: [SmsProfileID, Form",
    ),
    ("service.yaml", "source: {page: sms, section", "source: {page: smss, section"),
    ("service.yaml", "Impersonated: {type: boolean,", "Impersonated: {type: bool,"),
    ("service.yaml", "Client: {type: string,", "Client: {type: string, name: class,"),
    (
        "sms_opt_out_create.yaml",
        'SessionKey: "ASGJDHAGS%&^%&@!"',
        'SessionKey: "ASGJDHAGS%&^%&@?"',
    ),
    ("sms_opt_out_delete.yaml", "      defects:\n        bare-ampersand", "#"),
)
EXPECTED = [
    "revio/service.yaml:38:9 python-name-invalid",
    "revio/service.yaml:85:28 type-unknown",
    "revio/service.yaml:94:13 page-unknown",
    "revio/sms_opt_out_create.yaml:44:45 example-mismatch",
    "revio/sms_opt_out_delete/success.xml:8:22 example-defect-undeclared",
    "revio/sms_send.yaml:22:5 constraint-pattern-invalid",
    "revio/sms_send.yaml:26:15 schema-value",
    "revio/sms_send.yaml:28:5 schema-unknown-key",
    "revio/sms_send.yaml:31:5 constraint-range-empty",
    "revio/sms_send.yaml:44:35 rule-member-unknown",
]


def test_ten_mistakes_in_one_run(tmp_path: Path) -> None:
    """Ten different mistakes are all reported by one run, each at its line and column."""
    service = tmp_path / "revio"
    shutil.copytree(REVIO, service)
    for file, right, wrong in MISTAKES:
        text = (service / file).read_text("utf-8")
        assert right in text
        (service / file).write_text(text.replace(right, wrong, 1), "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "soapstone", "lint", "revio"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(
        r"^(\S+:\d+:\d+): .* \[([a-z-]+)\]$", ended.stdout + ended.stderr, re.MULTILINE
    )
    assert [" ".join(each) for each in found] == EXPECTED
    assert ended.returncode == 1
