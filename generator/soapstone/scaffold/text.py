"""Templates of specs, and values as YAML.

As in `render`, text of a user reaches a template through one door: here it is `scalar`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from soapstone.render import refuse_text

Tree: TypeAlias = "str | Mapping[str, Tree] | Sequence[Tree]"
"""What stands in a spec: texts, of which those that need no quotes are `Plain`."""

_INDENTATION = "  "

# Characters of a mapping or a list that stands on one line.
_LONGEST = 80


class Plain(str):
    """The text of a number, a date or a truth value, which no reader takes for anything else."""

    __slots__ = ()


def fill(template: str, view: object) -> str:
    """Return a spec from its template."""
    return _environment().get_template(template).render(view=view)


def scalar(text: str) -> Markup:
    """Write a text so that it stands for itself wherever a value may stand."""
    # In brackets, because there are characters that need quotes only there.
    written: str = yaml.safe_dump(
        [text],
        default_flow_style=True,
        default_style=None if text.isprintable() else '"',
        allow_unicode=text.isprintable(),
        width=math.inf,
    )
    return Markup(written.strip()[1:-1])  # noqa: S704 -- quoted where it is needed


def tree(value: Mapping[str, Tree], depth: int) -> Markup:
    """Write a mapping as YAML, indented but for its first line."""
    return indented("\n".join(_block(value)), depth)


def indented(text: str, depth: int) -> Markup:
    """Return lines of YAML with the indentation of a depth, but for the first one."""
    margin = f"\n{_INDENTATION * depth}"
    lines = margin.join(text.rstrip("\n").split("\n"))
    return Markup(lines)  # noqa: S704 -- what `scalar` wrote, or a block of its own


def _block(value: Tree) -> Iterator[str]:
    """Yield the lines of what does not fit on one."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            if _is_short(member):
                yield f"{scalar(key)}: {_flow(member)}"
            else:
                yield f"{scalar(key)}:"
                yield from (f"{_INDENTATION}{line}" for line in _block(member))
    else:
        for item in value:
            first, *rest = [_flow(item)] if _is_short(item) else _block(item)
            yield f"- {first}"
            yield from (f"{_INDENTATION}{line}" for line in rest)


def _is_short(value: Tree) -> bool:
    """Whether a value stands on one line: a text always, and a few of them together."""
    if isinstance(value, str):
        return True
    members = value.values() if isinstance(value, Mapping) else value
    is_flat = all(isinstance(member, str) for member in members)
    return not members or (is_flat and len(_flow(value)) <= _LONGEST)


def _flow(value: Tree) -> str:
    if isinstance(value, Plain):
        return str(value)
    if isinstance(value, str):
        return str(scalar(value))
    if isinstance(value, Mapping):
        pairs = (f"{scalar(key)}: {_flow(member)}" for key, member in value.items())
        return f"{{{', '.join(pairs)}}}"
    return f"[{', '.join(map(_flow, value))}]"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("soapstone", "scaffold"),
        autoescape=True,
        finalize=refuse_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # Jinja2 annotates its table of filters with the types of its own.
    filters: dict[str, Any] = made.filters
    filters.clear()
    filters["scalar"] = scalar
    return made
