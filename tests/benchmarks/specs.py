"""The synthetic service as specs of Soapstone, with documents as its pages would show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

import yaml

from benchmarks.model import (
    ENDPOINT,
    HEADER,
    NAMESPACE,
    Field,
    Listing,
    Operation,
    RuleKind,
    Service,
    Structure,
)
from benchmarks.vocabulary import Scalar

_ENVELOPE = ' xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
_KEY = "k-4711"
_REFUSED = {
    "Success": "false",
    "Message": "'4711' is not known.",
    "ErrorCode": "B100",
    "ErrorDescription": "Invalid input received.",
}
_SERVICE: dict[str, object] = {
    "soapstone": 1,
    "service": "Synthetic",
    "title": "Synthetic billing API",
    "pages": {
        "manual": {
            "title": "Manual",
            "url": "https://synthetic.example/manual",
            "retrieved": "2026-11-28",
        }
    },
    "protocol": {
        "endpoint": ENDPOINT,
        "namespace": NAMESPACE,
        "soap_action": NAMESPACE + "/{operation}",
    },
    "authentication": {
        "alternatives": {
            "Session": {
                "doc": "A session that was opened before.",
                "fields": {
                    "SessionKey": {
                        "type": "string",
                        "required": True,
                        "secret": True,
                        "doc": "Key of the session.",
                    }
                },
            }
        }
    },
    "response": {
        "Header": {
            "type": "Header",
            "required": True,
            "doc": "Whether the operation succeeded.",
        }
    },
    "outcome": {
        "success": "Header/Success",
        "message": "Header/Message",
        "code": "Header/ErrorCode",
        "description": "Header/ErrorDescription",
    },
    "errors": {
        "InvalidInput": {
            "code": "B100",
            "doc": "The service refused a value of the request.",
            "cases": {
                "UnknownNumber": {
                    "doc": "Nothing has the number.",
                    "data": {"number": {"doc": "The number of the request."}},
                    "messages": ["'{number}' is not known."],
                }
            },
        },
        "AccessRefused": {"code": "B400", "doc": "The session was refused."},
    },
}


def write_specs(service: Service, folder: Path) -> None:
    """Write the folder of a service; nothing that was there before is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = {
        name: {
            "doc": f"{name} as all operations have it.",
            "fields": _fields(structure),
        }
        for name, structure in service.shared.items()
    }
    _write(folder / "service.yaml", _SERVICE | {"types": shared})
    for operation in service.operations:
        write_operation(operation, folder)


def write_operation(operation: Operation, folder: Path) -> None:
    """Write the spec of one operation and the documents of its first example."""
    stem = operation.name.lower()
    request = sample_of(operation.request)
    response = {"Header": {"Success": "true"}, **sample_of(operation.response)}
    (folder / stem).mkdir(exist_ok=True)
    for name, document in (
        ("request", request_document(operation, request)),
        ("response", response_document(operation, response)),
    ):
        (folder / stem / f"{name}.xml").write_text(document, encoding="utf-8")
    documented = {
        "title": "documented",
        "request": {
            "file": f"{stem}/request.xml",
            "auth": {"Session": {"SessionKey": _KEY}},
            "values": request,
        },
        "response": {"file": f"{stem}/response.xml", "values": response},
    }
    refused: dict[str, object] = {"Header": _REFUSED}
    unknown = {
        "title": "unknown number",
        "response": {"text": response_document(operation, refused), "values": refused},
    }
    spec: dict[str, object] = {
        "soapstone": 1,
        "operation": operation.name,
        "summary": operation.summary,
        "source": {"page": "manual", "section": operation.name},
        "idempotent": operation.name.endswith(("_Get", "_Find")),
        "request": _fields(operation.request),
        "rules": _rules(operation.request),
        "response": _fields(operation.response),
        "examples": [documented, unknown],
    }
    _write(folder / f"{stem}.yaml", spec)


def request_document(operation: Operation, values: dict[str, object]) -> str:
    """Return a request with the values, as the page would show it."""
    session = _around("Session", [f"<SessionKey>{_KEY}</SessionKey>"])
    lines = chain(session, _markup(operation.request, values))
    return _enclosed(operation.name, "Request", lines)


def response_document(operation: Operation, values: dict[str, object]) -> str:
    """Return an answer with the values, as the page would show it."""
    header = Field(name="Header", type=HEADER, doc="")
    whole = Structure(fields=(header, *operation.response.fields))
    lines = _markup(whole, values)
    return _enclosed(f"{operation.name}Response", f"{operation.name}Result", lines)


def sample_of(structure: Structure) -> dict[str, object]:
    """Return values for all members that may be given together."""
    excluded = {
        rule.members[1] for rule in structure.rules if rule.kind is RuleKind.EXCLUSIVE
    }
    return {
        field.name: _sample(field.type)
        for field in structure.fields
        if field.name not in excluded
    }


def _sample(type_: Scalar | Structure | Listing) -> object:
    match type_:
        case Scalar():
            return type_.sample
        case Structure():
            return sample_of(type_)
        case Listing():
            return [_sample(type_.of)]


def _markup(structure: Structure, values: dict[str, object]) -> Iterator[str]:
    """Yield the lines of the members, each as deep as it stands below the structure."""
    for field in structure.fields:
        if field.name in values:
            yield from _element(field.name, field.type, values[field.name])


def _element(
    name: str, type_: Scalar | Structure | Listing, value: object
) -> Iterator[str]:
    match type_, value:
        case Structure(), dict():
            yield from _around(name, _markup(type_, value))
        case Listing(), list():
            items = (_element(type_.item, type_.of, each) for each in value)
            yield from _around(name, chain.from_iterable(items))
        case _:
            yield f"<{name}>{escape(str(value))}</{name}>"


def _around(name: str, lines: Iterable[str], attributes: str = "") -> Iterator[str]:
    yield f"<{name}{attributes}>"
    for line in lines:
        yield "  " + line
    yield f"</{name}>"


def _enclosed(name: str, inner: str, lines: Iterable[str]) -> str:
    payload = _around(name, _around(inner, lines), f' xmlns="{NAMESPACE}"')
    envelope = _around("soap:Envelope", _around("soap:Body", payload), _ENVELOPE)
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', *envelope, ""])


def _fields(structure: Structure) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in structure.fields:
        described = _described(field.type)
        if isinstance(field.type, Listing):
            described["count"] = [1, field.type.maximum]
        if field.is_required:
            described["required"] = True
        found[field.name] = described | {"doc": field.doc}
    return found


def _described(type_: Scalar | Structure | Listing) -> dict[str, object]:
    match type_:
        case Structure(shared=""):
            return {"fields": _fields(type_)} | (
                {"rules": _rules(type_)} if type_.rules else {}
            )
        case Structure():
            return {"type": type_.shared}
        case Listing():
            return {"list": type_.item, "of": _described(type_.of)}
        case Scalar(values=()):
            return _constrained(type_)
        case Scalar():
            return {"values": list(type_.values)}


def _constrained(scalar: Scalar) -> dict[str, object]:
    found: dict[str, object] = {"type": scalar.type}
    if scalar.length is not None:
        found["length"] = list(scalar.length)
    if scalar.pattern:
        found["pattern"] = scalar.pattern
    if scalar.minimum is not None:
        found["minimum"] = scalar.minimum
    if scalar.maximum is not None:
        found["maximum"] = scalar.maximum
    return found


def _rules(structure: Structure) -> list[object]:
    return [{rule.kind.value: list(rule.members)} for rule in structure.rules]


class _Dumper(yaml.SafeDumper):
    """Writes documents as blocks, as people do."""


def _represented(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represented)


def _write(file: Path, content: dict[str, object]) -> None:
    text = yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=120
    )
    file.write_text(text, encoding="utf-8")
