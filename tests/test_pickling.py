"""How the model travels from one process to another."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import timezone
from pathlib import Path

import pytest

import soapstone.model
from soapstone.decode import decode_service
from soapstone.diagnostics import Report, Span
from soapstone.dump import dump
from soapstone.model import AtomValue, Timestamp

HERE = Path(__file__).parent
SERVICES = [
    path.parent
    for folder in (HERE / "cases", HERE / "services", HERE.parent / "specs")
    for path in sorted(folder.glob("*/service.yaml"))
]
KINDS = [
    kind
    for name in soapstone.model.__all__
    if isinstance(kind := getattr(soapstone.model, name), type) and is_dataclass(kind)
]


@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_a_service_comes_back_as_it_was(folder: Path) -> None:
    """Every fact of a service is the same on the other side, and so is its place."""
    service = decode_service(folder, "specs", Report())
    assert service is not None
    found = pickle.loads(pickle.dumps(service))
    assert found == service
    assert dump(found) == dump(service)


@pytest.mark.parametrize("kind", [Span, *KINDS], ids=lambda kind: kind.__name__)
def test_facts_of_every_class_come_back_as_they_were(kind: type) -> None:
    """Each field gets its own value back, and nobody can change it there either."""
    assert is_dataclass(kind)
    names = [field.name for field in fields(kind)]
    fact = kind(**{name: f"the {name}" for name in names})
    found = pickle.loads(pickle.dumps(fact))
    assert type(found) is kind
    assert [getattr(found, name) for name in names] == [f"the {name}" for name in names]
    with pytest.raises(FrozenInstanceError):
        setattr(found, names[0], "another")


def test_a_long_fraction_of_a_second_comes_back_whole() -> None:
    """The digits that a `datetime` has no place for are there afterwards, in a copy as well."""
    moment = Timestamp(2026, 1, 31, 23, 59, 59, 123456, timezone.utc)
    moment.digits = "789"
    value = AtomValue(value=moment, span=Span("a.yaml"))
    for found in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
        assert isinstance(found.value, Timestamp)
        assert (found.value, found.value.digits) == (moment, "789")
