"""When a documented answer is given, and what the service keeps then."""

from __future__ import annotations

from collections.abc import Sequence

from soapstone.decode import nodes
from soapstone.decode.citations import decode_citation
from soapstone.decode.constraints import limits_of
from soapstone.decode.rules import CONDITION_KEYS, decode_condition
from soapstone.diagnostics import Report
from soapstone.model import Condition, Effect, Field, ItemsTest, Member
from soapstone.source import Mapping, Node

_KINDS = ("unlike", "in", "not_in")
_OF_ITEMS = (*_KINDS, "count", "source")
_EFFECTS = {"adds": False, "removes": True}


def decode_when(
    node: Node | None, request: Sequence[Field], report: Report
) -> Condition | ItemsTest | None:
    """Return for which requests an answer is given; None when the example does not say."""
    if not isinstance(node, Mapping):
        return None
    items = node.get("items")
    if items is not None:
        member = Member(name=nodes.verbatim(items), span=items.span)
        return _decode_items_test(node, member, report)
    if "items" in node.refused:
        return None
    for key in _OF_ITEMS:
        if node.get(key) is not None:
            report.error(
                "condition-kind",
                node.key(key).span,
                f"`{key}` belongs to a test of `items`",
                hint=_hint_without_items(key),
            )
            return None
    return decode_condition(node, request, report)


def _hint_without_items(key: str) -> str:
    if key == "source":
        return (
            "write it beside `when`: the source of a condition is that of the example"
        )
    return "name the member under `items`; of a `member` ask `is` or a limit"


def _decode_items_test(
    body: Mapping, member: Member, report: Report
) -> ItemsTest | None:
    others = [key for key in CONDITION_KEYS if body.get(key) is not None]
    if others:
        report.error(
            "condition-kind",
            body.key(others[0]).span,
            f"the condition has `items` and `{others[0]}`",
            hint="keep one of them: a test of `items` stands alone",
        )
        return None
    asked = [key for key in _KINDS if body.get(key) is not None]
    if not asked and body.refused:
        return None
    if len(asked) != 1:
        found = " and ".join(f"`{key}`" for key in asked) or "nothing"
        report.error(
            "condition-kind",
            body.key(asked[1]).span if asked else member.span,
            f"the condition asks {found} of the items of `{member.name}`",
            hint="ask one thing: " + ", ".join(f"`{key}`" for key in _KINDS),
        )
        return None
    count = body.get("count")
    minimum, maximum = (None, None) if count is None else limits_of(count)
    if minimum is None:
        minimum = 0 if maximum == 0 else 1
    return ItemsTest(
        member=member,
        unlike=nodes.verbatim(body.get("unlike")),
        within=nodes.verbatim(body.get("in")),
        outside=nodes.verbatim(body.get("not_in")),
        minimum=minimum,
        maximum=maximum,
        source=decode_citation(body.get("source")),
        span=body.key("items").span,
    )


def decode_effects(example: Mapping) -> tuple[Effect, ...]:
    """Return what the service keeps and forgets when it gives the answer of an example."""
    return tuple(
        Effect(
            memory=entry.key.text,
            member=Member(name=nodes.verbatim(entry.value), span=entry.value.span),
            is_removal=is_removal,
            span=entry.key.span,
        )
        for key, is_removal in _EFFECTS.items()
        for entry in nodes.entries(example.get(key))
    )
