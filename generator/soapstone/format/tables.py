"""Brackets of which templates write each item on lines of its own, with a comma after it.

Black keeps a line for each item then, so that the long tables of tests, and the parameters of
functions, need not be taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from soapstone.format.lines import Kind, Line, end_of, line_of
from soapstone.format.statements import lay_out_item

_BRACKETS = re.compile(r"[(\[{]")
_ENDS = frozenset((")", "]", "}", "),", "],", "},"))
_PARAMETER = re.compile(r"[^(),]+,")
_RETURNS = re.compile(r"\)(?: -> [^()]+)?:")
# A statement of fewer lines is seen as a whole: one item in brackets may need no comma.
_SEVERAL = 4


def lay_out_table(source: list[str], line: Line, width: int) -> list[str]:
    """Return the lines of a statement or item that starts on a line, each in its brackets by itself.

    Nothing is returned where it has to be seen as a whole.

    Raises:
        UnsureError: Black has to be asked about an item.
    """
    first, last = source[0].rstrip(), source[-1]
    if len(source) < _SEVERAL or _BRACKETS.search(first[:-1]) or len(first) > width:
        return []
    if line.kind is Kind.FUNCTION:
        return source if _is_definition_done(source, line, width) else []
    is_call = first[-2:-1].isalnum() or first[-2:-1] == "_"
    is_display = first.endswith(("= [", "= {")) or line.bare in {"[", "{"}
    is_tuple = line.bare == "("
    if not (is_call or is_display or is_tuple) or last.strip() not in _ENDS:
        return []
    items = _items(source, line, width)
    if not items or (is_tuple and len(items) == 1):
        # The comma of a tuple of one does not ask for a line.
        return []
    return [first, *(line for item in items for line in item), last]


def _is_definition_done(source: list[str], line: Line, width: int) -> bool:
    """Whether each parameter has a line, and black has no choice about one."""
    parameters = [line_of(text, width) for text in source[1:-1]]
    are_done = all(
        each
        and each.is_item
        and each.margin == line.margin + 4
        and _PARAMETER.fullmatch(each.bare)
        for each in parameters
    )
    last = line_of(source[-1], width)
    return are_done and bool(last and last.is_done and _RETURNS.fullmatch(last.bare))


def _items(source: list[str], line: Line, width: int) -> list[Sequence[str]]:
    """Return the lines of each item, or nothing where they are not items for certain."""
    margin, last = line.margin + 4, len(source) - 1
    found: list[Sequence[str]] = []
    position = 1
    while position < last:
        item = line_of(source[position], width)
        if not item or item.margin != margin:
            return []
        end = end_of(source, position, item) if item.goes_on else position + 1
        if item.is_item:
            found.append((source[position],))
        elif source[end - 1].endswith(","):
            found.append(_laid_out(source[position:end], item, width))
        else:
            return []
        position = end
    return found


def _laid_out(source: list[str], item: Line, width: int) -> Sequence[str]:
    return lay_out_table(source, item, width) or lay_out_item(
        "\n".join(source).strip(), item.margin // 4, width
    )
