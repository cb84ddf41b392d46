"""Statements and items that black breaks at one pair of brackets, laid out by their text alone.

Most of what does not fit on a line is a call or a display of things that do, or that are such calls
and displays again. Where that is plain to see, no tokens are needed: what is in the brackets takes
one line, or one for each item.
"""

from __future__ import annotations

import re

from soapstone.format.tokens import fits, tokens_of

_NAME = r"[\w.]+"
_STRING = r'"(?:[^"\\\n]|\\.)*+"'
_FIRST_OF_SEVERAL = rf"(?:{_STRING}|{_NAME}), "
# Characters outside of brackets and of strings as black writes them.
_PLAIN = r"""[^"'#\\()\[\]{}]"""
_PLAIN_BUT_COMMA = r"""[^"'#\\()\[\]{},]"""
# How deep brackets are looked into, since a pattern cannot count them.
_LEVELS = 5


def _balanced(characters: str, levels: int = _LEVELS) -> str:
    """Return a pattern of texts of some characters, of strings, and of anything in brackets."""
    if not levels:
        return rf"{characters}*+"
    inside = _balanced(_PLAIN, levels - 1)
    return rf"{characters}*+(?:(?:{_STRING}|[(\[{{]{inside}[)\]}}]){characters}*+)*+"


# The groups are what comes up to an opening bracket, what is in the brackets, and what follows.
_CONTENT = rf"(?=[^)\]}}])({_balanced(_PLAIN)})"
_STATEMENT = re.compile(
    rf"((?:{_NAME} \+?= |return |assert |raise |await |@|(?:async )?def )?{_NAME}\("
    rf"|if (?:{_NAME} is not None and )?{_NAME}\("
    rf"|(?:{_NAME} \+?= |return )[\[{{]){_CONTENT}([)\]}}](?:(?: -> [^()]+)?:)?)"
)
_ITEM = re.compile(
    rf"((?:\w+=|(?:{_STRING}|{_NAME}): )?(?:{_NAME}\(|[(\[{{])){_CONTENT}([)\]}}])"
)
# Here the brackets are still to be added.
_IMPORT = re.compile(rf"(from {_NAME} import )([\w, ]+)()")

_ITEMS = re.compile(rf"(?=[^, ]){_balanced(_PLAIN_BUT_COMMA)}")
_TUPLE_OF_ONE = re.compile(rf"([ =(\[{{]\()({_balanced(_PLAIN_BUT_COMMA)}),\)")
# Commas that do not separate items or ask for a line for each, slices, which have spaces of their
# own, and parentheses that may be too many. Each alternative here and in the next pattern starts with
# a character of its own, as the search is several times faster then.
_PECULIAR = re.compile(
    r" for | if | else |lambda|yield|:[^ ]|,[)\]}]"
    rf"|\[\((?!{_FIRST_OF_SEVERAL})|\{{\((?!{_FIRST_OF_SEVERAL})"
)
# Spaces that are not as black wants them.
_LOOSE = re.compile(r",[^ )\]}]| [ )\]},]|\( |\[ |\{ ")
_BREAK_AT_BRACKET = re.compile(r"(?<=[(\[{])\n *|\n *(?=[)\]}])")
_BREAK = re.compile(r"\n *")
# A comma without a space, outside of strings: an even number of quotes follows.
_UNSPACED = re.compile(r',(?=[^ )\]}])(?=[^"\\]*+(?:"[^"\\]*+"[^"\\]*+)*+$)')


def break_statement(statement: str, depth: int, width: int) -> list[str]:
    """Return the lines of a statement, or nothing where its tokens have to be looked at."""
    text = _tidy(statement)
    found = _STATEMENT.fullmatch(text) or _IMPORT.fullmatch(text)
    if not found or _is_peculiar(text):
        return []
    margin = " " * 4 * depth
    line = f"{margin}{text}"
    return [line] if fits(line, width) else _broken(found, "", margin, width)


def break_item(item: str, depth: int, width: int) -> list[str]:
    """Return the lines of an item with a comma, or nothing where its tokens have to be looked at."""
    text = _tidy(item.removesuffix(","))
    found = _ITEM.fullmatch(text)
    if not found or _is_peculiar(text):
        return []
    return _item(text, ",", " " * 4 * depth, width)


def _tidy(text: str) -> str:
    """Return a text on one line, with the spaces that black puts between tokens."""
    if "\n" in text:
        text = _BREAK.sub(" ", _BREAK_AT_BRACKET.sub("", text))
    text = _UNSPACED.sub(", ", text)
    return "".join(tokens_of(text)[1]) if _LOOSE.search(text) else text


def _is_peculiar(text: str) -> bool:
    bare = _TUPLE_OF_ONE.sub(r"\1\2)", text) if ",)" in text else text
    return _PECULIAR.search(bare) is not None


def _item(item: str, comma: str, margin: str, width: int) -> list[str]:
    """Return the lines of one item, or nothing where it cannot be broken here."""
    line = f"{margin}{item}{comma}"
    if fits(line, width):
        return [line]
    found = _ITEM.fullmatch(item)
    return _broken(found, comma, margin, width) if found else []


def _broken(found: re.Match[str], comma: str, margin: str, width: int) -> list[str]:
    """Return the lines around brackets and of what is in them, or nothing."""
    head, content, tail = found.groups()
    if not tail:
        head, tail = f"{head}(", ")"
    first, last = f"{margin}{head}", f"{margin}{tail}{comma}"
    # A column stays free: black counts one more where an operator is before the brackets.
    if not (fits(f"{first} ", width) and fits(last, width)):
        return []
    body = _body(head, content, f"{margin}    ", width)
    return [first, *body, last] if body else []


def _body(head: str, content: str, margin: str, width: int) -> list[str]:
    """Return the lines of what is in brackets, or nothing."""
    items = _ITEMS.findall(content)
    is_call = head[-1] == "(" and head[-2:-1] not in {"", " ", "="}
    if len(items) == 1:
        comma = content[len(items[0]) :]
        # A parameter gets a comma, and what has none in parentheses may not need them.
        if "def " in head or (head[-1] == "(" and not (is_call or comma)):
            return []
        return _item(items[0], comma, margin, width)
    line = f"{margin}{content}"
    if is_call and fits(line, width):
        return [line]
    lines: list[str] = []
    for item in items:
        found = _item(item, ",", margin, width)
        if not found:
            return []
        lines += found
    return lines
