"""Conditions that are nearly the same: what a mistake in a check would make of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import assert_never

from soapstone.model import AllOf, AnyOf, Comparison, Condition, Not, Relation
from soapstone.samples.atoms import neighbour

_NEXT = {
    Relation.MINIMUM: Relation.ABOVE,
    Relation.ABOVE: Relation.MINIMUM,
    Relation.MAXIMUM: Relation.BELOW,
    Relation.BELOW: Relation.MAXIMUM,
}
_ALWAYS = AllOf(conditions=())
_NEVER = AnyOf(conditions=())


def mutations(condition: Condition) -> Iterator[Condition]:
    """Yield a condition with one comparison left out or moved, one `not` lost, `all` for `any`."""
    match condition:
        case Comparison(relation=relation, values=values):
            yield from (_ALWAYS, _NEVER)
            for place in range(len(values)) if len(values) > 1 else ():
                kept = (*values[:place], *values[place + 1 :])
                yield replace(condition, values=kept)
            if relation in _NEXT:
                yield replace(condition, relation=_NEXT[relation])
                for limit, step in product(values, (-1, 1)):
                    yield replace(condition, values=(neighbour(limit, step),))
        case AllOf(conditions=conditions):
            yield AnyOf(conditions=conditions)
            for inner in _one_changed(conditions):
                yield AllOf(conditions=inner)
        case AnyOf(conditions=conditions):
            yield AllOf(conditions=conditions)
            for inner in _one_changed(conditions):
                yield AnyOf(conditions=inner)
        case Not(condition=negated):
            yield negated
            yield from (Not(condition=each) for each in mutations(negated))
        case _:
            assert_never(condition)


def _one_changed(
    conditions: tuple[Condition, ...],
) -> Iterator[tuple[Condition, ...]]:
    for place, condition in enumerate(conditions):
        for changed in mutations(condition):
            yield (*conditions[:place], changed, *conditions[place + 1 :])
