"""Promises of the dump: the whole model, as values that JSON knows."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from soapstone.diagnostics import Report, Span
from soapstone.dump import alternatives, dump, dump_services
from soapstone.model import (
    AtomType,
    AtomValue,
    Basis,
    Citation,
    Length,
    NilValue,
    Primitive,
    Service,
)
from soapstone.pipeline import compile_service

SPECS = Path(__file__).parent.parent / "specs" / "revio"
HERE = Span("a.yaml", 2, 3)


@pytest.fixture(scope="module")
def service() -> Service:
    """Return the service of the repository."""
    compiled = compile_service(SPECS, Report())
    assert compiled is not None
    return compiled.service


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("text", "text"),
        (1.5, 1.5),
        (math.inf, "inf"),
        (Decimal("1.10"), "1.10"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (
            dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC),
            "2026-01-02T03:04:00+00:00",
        ),
        ("größe".encode(), "größe"),
        (b"\xff\xfe", {"base64": "//4="}),
        (HERE, "a.yaml:2:3"),
        (Basis.OBSERVED, "observed"),
        ((1, ("a",)), [1, ["a"]]),
        (MappingProxyType({"tns": ", "}), {"tns": ", "}),
    ],
)
def test_values_become_what_json_knows(value: object, expected: object) -> None:
    """Every kind of value in the model has its form in JSON."""
    assert dump(value) == expected


@pytest.mark.parametrize("value", [{1, 2}, Citation, [1]])
def test_other_values_are_refused(value: object) -> None:
    """What the model cannot hold is a mistake of ours and not guessed at."""
    with pytest.raises(TypeError, match="no JSON for a"):
        dump(value)


def test_an_object_names_its_type_where_it_could_be_another() -> None:
    """A type or a constraint says which it is; a citation can be nothing else."""
    length = Length(minimum=1, span=HERE)
    assert dump(
        AtomType(primitive=Primitive.INT, constraints=(length,), span=HERE)
    ) == {
        "kind": "AtomType",
        "primitive": "int",
        "constraints": [
            {
                "kind": "Length",
                "minimum": 1,
                "maximum": None,
                "message": "",
                "source": None,
                "span": "a.yaml:2:3",
            }
        ],
        "span": "a.yaml:2:3",
    }
    assert dump(NilValue(span=HERE)) == {"kind": "NilValue", "span": "a.yaml:2:3"}
    assert dump(Citation(page="sms", span=HERE)) == {
        "page": "sms",
        "section": "",
        "basis": "documented",
        "note": "",
        "span": "a.yaml:2:3",
    }


def test_the_name_of_the_type_hides_no_member() -> None:
    """No class that is named under `kind` has a member of that name."""
    choices = alternatives(Service)
    assert {AtomType, AtomValue, Length} <= choices
    assert Service not in choices
    for choice in choices:
        assert "kind" not in {member.name for member in fields(choice)}


def test_the_whole_service_survives_json(service: Service) -> None:
    """The dump of the real specs is JSON, and no object of the model lost a member."""
    dumped: dict[str, Any] = dump_services([service])
    assert json.loads(json.dumps(dumped, allow_nan=False)) == dumped
    (document,) = dumped["services"]
    assert list(document) == [member.name for member in fields(Service)]
    operations = {each["name"]: each for each in document["operations"]}
    assert set(operations) == {each.name for each in service.operations}
    send = operations["SMS_Send"]
    assert [each["name"] for each in send["request"]["fields"]][:2] == [
        "Debug",
        "ToNumber",
    ]
    example = send["examples"][0]["request"]
    assert "<ToNumber>8504700000</ToNumber>" in example["content"]
    assert send["span"].endswith("specs/revio/sms_send.yaml:3:12")
