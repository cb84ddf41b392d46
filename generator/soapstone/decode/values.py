"""The values of examples, each read as the type that the spec gives its field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from soapstone.decode import nodes
from soapstone.decode.atoms import DESCRIPTIONS, atom_hint, read_atom
from soapstone.diagnostics import Report, Span, did_you_mean
from soapstone.model import (
    AtomType,
    AtomValue,
    EnumerationType,
    Field,
    InlineType,
    ListType,
    ListValue,
    MemberValue,
    MixedListType,
    NilValue,
    Primitive,
    SharedType,
    Structure,
    StructureValue,
    Type,
    Value,
)
from soapstone.source import Entry, Mapping, Node, Scalar
from soapstone.source import Sequence as SequenceNode

StructureOf: TypeAlias = Callable[[Type], Structure | None]

_NIL = ("null", "~")


def decode_members(
    node: Node | None,
    fields: Sequence[Field],
    structure_of: StructureOf,
    report: Report,
    *,
    span: Span,
) -> StructureValue:
    """Return the members that a mapping from wire names to values gives."""
    known = {field.name: field for field in fields}
    found: list[MemberValue] = []
    for entry in nodes.entries(node):
        field = known.get(entry.key.text)
        if field is None:
            report.error(
                "value-unknown-member",
                entry.key.span,
                f"there is no member `{entry.key.text}`",
                hint=did_you_mean(entry.key.text, known),
            )
            continue
        if field.constant is not None:
            report.error(
                "value-unknown-member",
                entry.key.span,
                f"`{field.name}` is a constant, so no value is given for it",
                hint="remove it: the document alone shows a constant",
            )
            continue
        value = _decode_value(entry.value, field.type, structure_of, report)
        if value is not None:
            found.append(MemberValue(name=field.name, value=value, span=entry.key.span))
    return StructureValue(
        members=tuple(found), span=span if node is None else node.span
    )


def _decode_value(
    node: Node, kind: Type, structure_of: StructureOf, report: Report
) -> Value | None:
    if _is_nil(node):
        return NilValue(span=node.span)
    match kind:
        case AtomType(primitive=primitive):
            return _decode_atom(node, primitive, report)
        case EnumerationType():
            return _decode_atom(node, Primitive.STRING, report)
        case ListType(of=of):
            return _decode_list(
                node,
                lambda item: _decode_value(item, of, structure_of, report),
                report,
            )
        case MixedListType():
            return _decode_list(
                node,
                lambda item: _decode_named(item, kind, structure_of, report),
                report,
            )
        case InlineType() | SharedType():
            structure = structure_of(kind)
            if structure is None:
                return None
            if not isinstance(node, Mapping):
                _refuse(node, "a mapping from wire names to values", report)
                return None
            return decode_members(
                node, structure.fields, structure_of, report, span=node.span
            )


def _decode_list(
    node: Node, decode: Callable[[Node], Value | None], report: Report
) -> ListValue | None:
    if not isinstance(node, SequenceNode):
        _refuse(node, "a list", report, hint=_list_hint(node))
        return None
    for item in node.items:
        _refuse_nil_item(item, report)
    values = [decode(item) for item in node.items]
    return ListValue(
        items=tuple(value for value in values if value is not None), span=node.span
    )


def _refuse_nil_item(item: Node, report: Report) -> None:
    if _is_nil(item):
        _refuse(
            item, "an item: no service of this family sends one that is nil", report
        )


def _is_nil(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_plain and node.text in _NIL


def _decode_named(
    node: Node, kind: MixedListType, structure_of: StructureOf, report: Report
) -> MemberValue | None:
    """Return an item of a list with several names: a mapping of its name to its value."""
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        _refuse(node, "a mapping of one wire name to its value", report)
        return None
    _refuse_nil_item(node.entries[0].value, report)
    named = decode_members(
        node, kind.alternatives, structure_of, report, span=node.span
    )
    return named.members[0] if named.members else None


def _decode_atom(node: Node, primitive: Primitive, report: Report) -> AtomValue | None:
    if not isinstance(node, Scalar):
        _refuse(node, DESCRIPTIONS[primitive], report, hint=_bare_hint(node))
        return None
    if node.is_plain and not node.text:
        report.error(
            "value-empty",
            node.span,
            "a value is missing here",
            hint='write "" for an empty element, null for one marked as nil, or leave the member out',
        )
        return None
    value = read_atom(node.text, primitive)
    if value is None:
        hint = atom_hint(node.text, primitive)
        _refuse(node, DESCRIPTIONS[primitive], report, hint=hint)
        return None
    return AtomValue(value=value, span=node.span)


def _list_hint(node: Node) -> str:
    """Return how to write a list in place of an item or an element."""
    match node:
        case Scalar(text=text):
            return f"write `[{text}]`, a list of the items"
        case Mapping(entries=(entry,)):
            inner = entry.value
            shown = inner.items[:1] if isinstance(inner, SequenceNode) else (inner,)
            texts = [each.text for each in shown if isinstance(each, Scalar)]
            return f"write `[{''.join(texts)}]`: the items without their element `{entry.key.text}`"
        case _:
            return ""


def _bare_hint(node: Node) -> str:
    """Return how to write a single value that stands under the name of an element."""
    match node:
        case Mapping(entries=(Entry(key=key, value=Scalar(text=text)),)):
            return f"write `{text}` alone: what stands here has no element `{key.text}`"
        case _:
            return ""


def _refuse(node: Node, expected: str, report: Report, *, hint: str = "") -> None:
    shown = f"`{node.text}`" if isinstance(node, Scalar) else "this"
    report.error(
        "value-type",
        node.span,
        f"{shown} is not {expected}",
        hint=hint or "type in what the document says, in the form of the field's type",
    )
