"""The same operations in the languages of other generators: XSD, WSDL and OpenAPI."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import assert_never
from xml.sax.saxutils import quoteattr

from benchmarks.model import (
    ENDPOINT,
    HEADER,
    NAMESPACE,
    Field,
    Listing,
    Operation,
    Service,
    Structure,
)
from benchmarks.vocabulary import Scalar

_XSD_TYPES = {"base64": "base64Binary"}
_JSON_TYPES: dict[str, dict[str, object]] = {
    "boolean": {"type": "boolean"},
    "int": {"type": "integer", "format": "int32"},
    "long": {"type": "integer", "format": "int64"},
    "decimal": {"type": "number"},
    "double": {"type": "number", "format": "double"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date-time"},
    "string": {"type": "string"},
}
_SESSION = Structure(
    shared="Session",
    fields=(
        Field(
            name="SessionKey",
            type=Scalar(type="string", sample="k-4711"),
            doc="Key of the session.",
            is_required=True,
        ),
    ),
)


def write_descriptions(service: Service, folder: Path) -> None:
    """Write `service.xsd`, `service.wsdl` and `openapi.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "service.xsd").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n' + _lines(_schema(service)), "utf-8"
    )
    (folder / "service.wsdl").write_text(_lines(_wsdl(service)), "utf-8")
    (folder / "openapi.json").write_text(
        json.dumps(_openapi(service), indent=1), "utf-8"
    )


def whole_request(operation: Operation) -> Structure:
    """Return the request with the authentication that opens it."""
    session = Field(name="Session", type=_SESSION, doc="Who asks.", is_required=True)
    return Structure(fields=(session, *operation.request.fields))


def whole_response(operation: Operation) -> Structure:
    """Return the answer with the header that opens it."""
    header = Field(name="Header", type=HEADER, doc="How it went.", is_required=True)
    return Structure(fields=(header, *operation.response.fields))


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _around(tag: str, lines: Iterable[str], **attributes: str) -> Iterator[str]:
    shown = "".join(
        f" {name.replace('_', ':')}={quoteattr(value)}"
        for name, value in attributes.items()
        if value
    )
    yield f"<{tag}{shown}>"
    yield from (" " + line for line in lines)
    yield f"</{tag}>"


def _schema(service: Service) -> Iterator[str]:
    def body() -> Iterator[str]:
        for name, structure in (service.shared | {"Session": _SESSION}).items():
            yield from _complex_type(structure, name)
        for operation in service.operations:
            request = Field(
                name="Request", type=whole_request(operation), doc="", is_required=True
            )
            result = Field(
                name=f"{operation.name}Result",
                type=whole_response(operation),
                doc="",
                is_required=True,
            )
            for name, field in (
                (operation.name, request),
                (f"{operation.name}Response", result),
            ):
                yield from _around(
                    "xs:element", _complex_type(Structure(fields=(field,))), name=name
                )

    return _around(
        "xs:schema",
        body(),
        xmlns_xs="http://www.w3.org/2001/XMLSchema",
        xmlns_tns=NAMESPACE,
        targetNamespace=NAMESPACE,
        elementFormDefault="qualified",
    )


def _complex_type(structure: Structure, name: str = "") -> Iterator[str]:
    members = (line for field in structure.fields for line in _element(field))
    return _around("xs:complexType", _around("xs:sequence", members), name=name)


def _element(field: Field) -> Iterator[str]:
    least = "" if field.is_required else "0"
    return _typed(field.name, field.type, doc=field.doc, least=least)


def _typed(
    name: str,
    type_: Scalar | Structure | Listing,
    *,
    doc: str = "",
    least: str = "",
    most: str = "",
) -> Iterator[str]:
    kind, content = "", list[str]()
    if doc:
        text = _around("xs:documentation", [doc])
        content += _around("xs:annotation", text)
    match type_:
        case Scalar() if _facets(type_):
            base = f"xs:{_XSD_TYPES.get(type_.type, type_.type)}"
            restriction = _around("xs:restriction", _facets(type_), base=base)
            content += _around("xs:simpleType", restriction)
        case Scalar():
            kind = f"xs:{_XSD_TYPES.get(type_.type, type_.type)}"
        case Structure(shared=""):
            content += _complex_type(type_)
        case Structure():
            kind = f"tns:{type_.shared}"
        case Listing():
            items = _typed(type_.item, type_.of, least="1", most=str(type_.maximum))
            content += _around("xs:complexType", _around("xs:sequence", items))
        case _:
            assert_never(type_)
    return _around(
        "xs:element", content, name=name, type=kind, minOccurs=least, maxOccurs=most
    )


def _facets(scalar: Scalar) -> list[str]:
    found = [("enumeration", value) for value in scalar.values]
    if scalar.length is not None:
        found += [
            ("minLength", str(scalar.length[0])),
            ("maxLength", str(scalar.length[1])),
        ]
    if scalar.pattern:
        found.append(("pattern", scalar.pattern))
    if scalar.minimum is not None:
        found.append(("minInclusive", str(scalar.minimum)))
    if scalar.maximum is not None:
        found.append(("maxInclusive", str(scalar.maximum)))
    return [f"<xs:{facet} value={quoteattr(value)}/>" for facet, value in found]


def _wsdl(service: Service) -> Iterator[str]:
    def messages() -> Iterator[str]:
        for each in service.operations:
            for end, name in (
                ("SoapIn", each.name),
                ("SoapOut", f"{each.name}Response"),
            ):
                part = [f'<wsdl:part name="parameters" element="tns:{name}"/>']
                yield from _around("wsdl:message", part, name=each.name + end)

    def port_type() -> Iterator[str]:
        for each in service.operations:
            lines = [
                f"<wsdl:documentation>{each.summary}</wsdl:documentation>",
                f'<wsdl:input message="tns:{each.name}SoapIn"/>',
                f'<wsdl:output message="tns:{each.name}SoapOut"/>',
            ]
            yield from _around("wsdl:operation", lines, name=each.name)

    def binding() -> Iterator[str]:
        yield '<soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>'
        body = ['<soap:body use="literal"/>']
        for each in service.operations:
            lines = [
                f'<soap:operation soapAction="{NAMESPACE}/{each.name}" style="document"/>',
                *_around("wsdl:input", body),
                *_around("wsdl:output", body),
            ]
            yield from _around("wsdl:operation", lines, name=each.name)

    def whole() -> Iterator[str]:
        yield from _around("wsdl:types", _schema(service))
        yield from messages()
        yield from _around("wsdl:portType", port_type(), name="SyntheticSoap")
        yield from _around(
            "wsdl:binding", binding(), name="SyntheticSoap", type="tns:SyntheticSoap"
        )
        port = _around(
            "wsdl:port",
            [f'<soap:address location="{ENDPOINT}"/>'],
            name="SyntheticSoap",
            binding="tns:SyntheticSoap",
        )
        yield from _around("wsdl:service", port, name="Synthetic")

    return _around(
        "wsdl:definitions",
        whole(),
        xmlns_wsdl="http://schemas.xmlsoap.org/wsdl/",
        xmlns_soap="http://schemas.xmlsoap.org/wsdl/soap/",
        xmlns_tns=NAMESPACE,
        targetNamespace=NAMESPACE,
    )


def _openapi(service: Service) -> dict[str, object]:
    shared = service.shared | {"Session": _SESSION}
    schemas = {name: _object(structure) for name, structure in shared.items()}
    paths: dict[str, object] = {}
    for each in service.operations:
        schemas[f"{each.name}Request"] = _object(whole_request(each))
        schemas[f"{each.name}Response"] = _object(whole_response(each))
        paths[f"/{each.name}"] = {
            "post": {
                "operationId": each.name,
                "summary": each.summary,
                "requestBody": {
                    "required": True,
                    "content": _content(f"{each.name}Request"),
                },
                "responses": {
                    "200": {
                        "description": "OK",
                        "content": _content(f"{each.name}Response"),
                    }
                },
            }
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Synthetic", "version": "1"},
        "servers": [{"url": ENDPOINT}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _content(name: str) -> dict[str, object]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _object(structure: Structure) -> dict[str, object]:
    found: dict[str, object] = {
        "type": "object",
        "properties": {
            field.name: _json_type(field.type) | {"description": field.doc}
            for field in structure.fields
        },
    }
    required = [field.name for field in structure.fields if field.is_required]
    return found | ({"required": required} if required else {})


def _json_type(type_: Scalar | Structure | Listing) -> dict[str, object]:
    match type_:
        case Structure(shared=""):
            return _object(type_)
        case Structure():
            return {"allOf": [{"$ref": f"#/components/schemas/{type_.shared}"}]}
        case Listing():
            return {
                "type": "array",
                "minItems": 1,
                "maxItems": type_.maximum,
                "items": _json_type(type_.of),
            }
        case Scalar():
            return _JSON_TYPES[type_.type] | _json_facets(type_)


def _json_facets(scalar: Scalar) -> dict[str, object]:
    found: dict[str, object] = {}
    if scalar.values:
        found["enum"] = list(scalar.values)
    if scalar.length is not None:
        found["minLength"], found["maxLength"] = scalar.length
    if scalar.pattern:
        found["pattern"] = f"^{scalar.pattern}$"
    if scalar.minimum is not None:
        found["minimum"] = scalar.minimum
    if scalar.maximum is not None:
        found["maximum"] = scalar.maximum
    return found
