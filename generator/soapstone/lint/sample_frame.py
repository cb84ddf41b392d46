"""What stands around the members of a request or a response: envelope, wrapper, namespaces."""

from __future__ import annotations

from typing import Final

from soapstone.diagnostics import Related, did_you_mean
from soapstone.lint.sample import Sample, qualified_name
from soapstone.lint.sample_xml import (
    BLANKS,
    SCHEMA_INSTANCE,
    Attribute,
    Element,
    is_nil_attribute,
)
from soapstone.model import Defect, EnvelopeKind, Field, Form

ENVELOPES: Final = {
    EnvelopeKind.SOAP11: "http://schemas.xmlsoap.org/soap/envelope/",
    EnvelopeKind.SOAP12: "http://www.w3.org/2003/05/soap-envelope",
}
_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_CORRECT = "correct the document or `protocol`, whichever differs from the page"
_SHOWN = {
    EnvelopeKind.NONE: "no envelope",
    EnvelopeKind.SOAP11: "a SOAP 1.1 envelope",
    EnvelopeKind.SOAP12: "a SOAP 1.2 envelope",
}


def find_members(sample: Sample, root: Element) -> Element | None:
    """Check everything down to the element that holds the members, and return that.

    Returns:
        None when it cannot be told where the members are, which was reported.
    """
    _check_declarations(sample, root)
    payload = _payload(sample, root)
    if payload is None:
        return None
    if not payload.namespace and sample.operation.protocol.namespace:
        sample.find(
            Defect.MISSING_NAMESPACE, payload, f"`{payload.name}` has no namespace"
        )
    check_namespace(sample, payload, parent=None)
    holder = _inside_request if sample.is_request else _inside_response
    return holder(sample, payload)


def check_namespace(sample: Sample, element: Element, parent: Element | None) -> None:
    """Check that an element has the namespace of the operation, or that of a wrong parent."""
    if parent is not None and element.namespace == parent.namespace:
        return
    expected = sample.operation.protocol.namespace
    if Defect.MISSING_NAMESPACE in sample.found:
        expected = ""
    if element.namespace not in {expected, *sample.undocumented}:
        shown = f"in the namespace `{element.namespace}`"
        sample.error(
            "example-namespace",
            element,
            f"`{element.name}` stands {shown if element.namespace else 'in no namespace'}",
            (
                f"the elements of `{sample.operation.name}` have the namespace `{expected}`"
                if expected
                else "the elements around it have none"
            ),
            _protocol(sample, "the namespace is given here"),
        )


def settle_defects(sample: Sample) -> None:
    """Check that the document has exactly the defects that are declared of its structure."""
    for defect in _STRUCTURAL:
        found = sample.found.get(defect)
        if found is not None and not sample.has_declared(defect):
            sample.error(
                "example-defect-undeclared",
                found.offset,
                found.message,
                f"if the page shows it like this, declare `{defect.value}` under `defects`, with a note",
                _protocol(sample, "the protocol is given here"),
            )
    for declared in sample.document.defects:
        if declared.defect in _STRUCTURAL and declared.defect not in sample.found:
            sample.report.error(
                "example-defect-absent",
                declared.span,
                f"the document does not have the defect `{declared.defect.value}`",
                hint="remove the declaration, or restore the document as the page shows it",
                related=[Related(sample.span(0), "the document starts here")],
            )


def check_attributes(
    sample: Sample,
    element: Element,
    *,
    may_be_nil: bool,
    fields: tuple[Field, ...] | None = None,
) -> None:
    """Check that an element has its members as attributes and, where it may, the one for nil."""
    if not element.attributes:
        return
    # What stands around the members has no fields at all.
    known = {field.name for field in fields or () if field.form is Form.ATTRIBUTE}
    for attribute in element.attributes:
        if qualified_name(attribute) in known:
            continue
        if not (may_be_nil and is_nil_attribute(attribute)):
            sample.error(
                "example-unknown-attribute",
                attribute.offset,
                f"{_shown(attribute, may_be_nil=may_be_nil)} of `{element.name}` is not known",
                did_you_mean(attribute.name, known)
                or _attribute_hint(attribute, element, fields),
            )


def _attribute_hint(
    attribute: Attribute, element: Element, fields: tuple[Field, ...] | None
) -> str:
    name = qualified_name(attribute)
    if fields is None or not name or name == "xsi:nil":
        return (
            "the only attribute that a member has is `xsi:nil`, with `true` or `false`"
        )
    if any(field.name == name for field in fields):
        return f"the spec has it as an element: give `{name}` the key `as: attribute`"
    if element.text.strip(BLANKS):
        return (
            f"if the page documents it, describe `{element.name}` with `fields`: "
            f"`{name}` with `as: attribute`, and its text as a member with `as: text`"
        )
    return f"if the page documents it, add a member `{name}` with `as: attribute`"


MISPLACED = "remove it, or put it into the element that it belongs to"


def check_no_text(sample: Sample, element: Element, hint: str = MISPLACED) -> None:
    """Check that nothing but white space stands between the children of an element."""
    for piece in element.pieces:
        stripped = piece.text.lstrip(BLANKS)
        if stripped:
            # The text itself is not shown: it may have slipped out of a secret element.
            sample.error(
                "example-stray-text",
                piece.offset + len(piece.text) - len(stripped),
                f"text stands directly inside `{element.name}`",
                hint,
            )


def _shown(attribute: Attribute, *, may_be_nil: bool) -> str:
    is_nil = attribute.namespace == SCHEMA_INSTANCE and attribute.name == "nil"
    if is_nil and may_be_nil:
        return f"the value `{attribute.value}` of the attribute `nil`"
    return f"the attribute `{attribute.name}`"


def _protocol(sample: Sample, message: str) -> Related:
    return Related(sample.operation.protocol.span, message)


_STRUCTURAL = (
    Defect.MISSING_ENVELOPE,
    Defect.MISSING_WRAPPER,
    Defect.MISSING_NAMESPACE,
    Defect.OUTPUT_ORDER,
)


def _check_declarations(sample: Sample, root: Element) -> None:
    known = {
        *sample.service.namespaces,
        *ENVELOPES.values(),
        SCHEMA_INSTANCE,
        _SCHEMA,
        "",
    }
    for element in root.walk():
        for declaration in element.declarations:
            if declaration.uri not in known:
                sample.undocumented.add(declaration.uri)
                sample.error(
                    "example-namespace",
                    declaration.offset,
                    f"the namespace `{declaration.uri}` is not known",
                    did_you_mean(declaration.uri, known - {""}),
                    _protocol(sample, "the documented namespace is given here"),
                )


# The envelope


def _payload(sample: Sample, root: Element) -> Element | None:
    """Return the element that stands in the envelope; the root when there is none."""
    protocol = sample.operation.protocol
    if root.name != "Envelope" or "Envelope" in (protocol.wrapper, protocol.response):
        if sample.envelope is not EnvelopeKind.NONE:
            sentence = f"`{root.name}` stands without an envelope around it"
            sample.find(Defect.MISSING_ENVELOPE, root, sentence)
        return root
    _check_envelope(sample, root)
    _check_frame(sample, root)
    for child in root.children:
        if child.name not in _PARTS or child.namespace != root.namespace:
            _report_unknown(sample, child, root, _PARTS)
    for header in root.named("Header"):
        _check_header(sample, header)
    bodies = root.named("Body")
    for body in bodies[1:]:
        _report_unknown(sample, body, root, ())
    if not bodies:
        _report_empty(sample, root, "Body")
        return None
    return _in_body(sample, bodies[0])


_PARTS = ("Header", "Body")


def _check_header(sample: Sample, header: Element) -> None:
    _check_frame(sample, header)
    known = tuple(field.name for field in sample.header_fields)
    for child in header.children:
        if child.name in known:
            sample.headers.append(child)
        elif any(child.name == field.name for field in sample.authentication_fields):
            _report_unknown(sample, child, header, known, hint=_IN_HEADER)
        else:
            _report_unknown(sample, child, header, known)


_IN_HEADER = "add `place: header` to `authentication` in service.yaml"


def _in_body(sample: Sample, body: Element) -> Element | None:
    protocol = sample.operation.protocol
    _check_frame(sample, body)
    for child in body.children[1:]:
        _report_unknown(sample, child, body, ())
    if not body.children:
        name = protocol.wrapper if sample.is_request else protocol.response
        _report_empty(sample, body, name)
        return None
    return body.children[0]


def _check_envelope(sample: Sample, root: Element) -> None:
    expected = ENVELOPES.get(sample.envelope)
    if root.namespace in {expected, *sample.undocumented}:
        return
    kinds = {namespace: kind for kind, namespace in ENVELOPES.items()}
    found = kinds.get(root.namespace)
    if found is None:
        sample.error(
            "example-namespace",
            root,
            "`Envelope` does not stand in the namespace of SOAP",
            "known: " + ", ".join(f"`{namespace}`" for namespace in kinds),
        )
    else:
        sample.error(
            "example-protocol",
            root,
            f"the document has {_SHOWN[found]}, the protocol has {_SHOWN[sample.envelope]}",
            _CORRECT,
            _protocol(sample, "the protocol is given here"),
        )


def _check_frame(sample: Sample, element: Element) -> None:
    check_attributes(sample, element, may_be_nil=False)
    check_no_text(sample, element)


# The payload


def _inside_request(sample: Sample, payload: Element) -> Element | None:
    protocol = sample.operation.protocol
    if payload.name != protocol.wrapper:
        _report_name(sample, payload, protocol.wrapper)
    if not protocol.request:
        return _members(sample, payload)
    return _inside(sample, payload, protocol.request)


def _inside_response(sample: Sample, payload: Element) -> Element | None:
    protocol = sample.operation.protocol
    if protocol.result == protocol.response:
        if payload.name != protocol.response:
            _report_name(sample, payload, protocol.response)
        return _members(sample, payload)
    if payload.name == protocol.response:
        return _inside(sample, payload, protocol.result)
    if payload.name == protocol.result:
        sentence = f"`{payload.name}` stands without `{protocol.response}` around it"
        sample.find(Defect.MISSING_WRAPPER, payload, sentence)
        return _members(sample, payload)
    _report_name(sample, payload, protocol.response)
    if not payload.named(protocol.result):
        return None
    return _inside(sample, payload, protocol.result)


def _inside(sample: Sample, payload: Element, name: str) -> Element | None:
    """Return the child with a name, or an only child, whose name is reported."""
    _check_frame(sample, payload)
    key = "request" if sample.is_request else "result"
    without = f"where no such element is documented, write `protocol: {{{key}: none}}`"
    if not payload.children:
        _report_empty(sample, payload, name, without)
        return None
    inner = [*payload.named(name), *payload.children][0]
    for child in payload.children:
        if child is not inner:
            _report_unknown(sample, child, payload, ())
    if inner.name != name:
        is_member = any(field.name == inner.name for field in sample.fields)
        _report_name(sample, inner, name, without if is_member else _CORRECT)
        if len(payload.children) > 1 or is_member:
            return None
    check_namespace(sample, inner, payload)
    return _members(sample, inner)


def _members(sample: Sample, element: Element) -> Element:
    check_attributes(sample, element, may_be_nil=False, fields=sample.fields)
    return element


def _report_name(
    sample: Sample, element: Element, expected: str, hint: str = _CORRECT
) -> None:
    sample.error(
        "example-protocol",
        element,
        f"`{element.name}` stands where the protocol has `{expected}`",
        hint,
        _protocol(sample, "the protocol is given here"),
    )


def _report_empty(
    sample: Sample, parent: Element, expected: str, hint: str = _CORRECT
) -> None:
    sample.error(
        "example-protocol",
        parent,
        f"`{expected}` is missing in `{parent.name}`",
        hint,
        _protocol(sample, "the protocol is given here"),
    )


def _report_unknown(
    sample: Sample,
    element: Element,
    parent: Element,
    known: tuple[str, ...],
    *,
    hint: str = "",
) -> None:
    sample.error(
        "example-unknown-element",
        element,
        f"`{element.name}` does not belong into `{parent.name}`",
        hint
        or did_you_mean(element.name, known)
        or "remove it, or describe it in the spec",
    )
