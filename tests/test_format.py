"""The layout of generated code, beside that of black."""

from __future__ import annotations

import ast

from hypothesis import given, settings
from hypothesis import strategies as st

from soapstone.format.formatter import format_statement
from soapstone.format.statements import lay_out
from soapstone.format.tokens import UnsureError

WIDTH = 88

# --- Statements of every kind that templates write, with names and values of any length ------------

NAMES = st.sampled_from(
    [
        *("a", "request", "found", "self.value", "checks.structure", "response.header"),
        "AccountCreateRequestItemsItemLanguage.EN",
        "_validate_positions_position",
    ]
)
WORDS = st.sampled_from(["tns", "invoice_number", "required_value", "is_taxable_now"])
ATOMS = st.one_of(
    NAMES,
    NAMES,
    st.sampled_from(['"a"', '"Input"', "0", "-1", "1004.25", "1e-05", "None", "..."]),
    st.sampled_from(
        ['b"a,)"', 'f"{a}[{b}]."', '"("', '"it\'s"', '"\uff12\uff12\uff12📱é"', "''"]
    ),
    st.integers(20, 70).map(lambda size: f'"{"x" * size}"'),
)
OPERATORS = st.sampled_from(
    [
        *("+", "*", "|", "and", "or", "==", "is not", "not in", "<", "-", "%", "in"),
        *("is", "+", "and", "=="),
    ]
)


def joined(items: list[str]) -> str:
    """Write items between brackets."""
    return ", ".join(items)


def binary(parts: tuple[str, str, str]) -> str:
    """Write an operation."""
    return f"{parts[0]} {parts[1]} {parts[2]}"


def extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return expressions that have others inside."""
    items = st.lists(inner, max_size=4)
    keywords = st.lists(st.tuples(WORDS, inner).map("=".join), max_size=3)
    arguments = st.tuples(items, keywords).map(
        lambda both: joined([*both[0], *both[1]])
    )
    calls = st.tuples(NAMES, arguments).map(lambda both: f"{both[0]}({both[1]})")
    return st.one_of(
        calls,
        calls,
        st.tuples(calls, WORDS, arguments).map(lambda it: f"{it[0]}.{it[1]}({it[2]})"),
        st.tuples(NAMES, items).map(lambda it: f"{it[0]}[{joined(it[1]) or 0}]"),
        st.tuples(inner, OPERATORS, inner).map(binary),
        st.tuples(inner, OPERATORS, inner, OPERATORS, inner).map(" ".join),
        items.map(lambda them: f"[{joined(them)}]"),
        items.map(lambda them: f"({joined(them)}{',' if len(them) == 1 else ''})"),
        inner.map(lambda it: f"({it})"),
        st.lists(st.tuples(inner, inner).map(": ".join), max_size=3).map(
            lambda them: f"{{{joined(them)}}}"
        ),
        inner.map(lambda it: f"not {it}"),
        st.tuples(NAMES, inner).map(lambda it: f"call(*{it[0]}, **{it[1]})"),
        st.tuples(inner, WORDS, inner).map(
            lambda it: f"[{it[0]} for {it[1]} in {it[2]}]"
        ),
        st.tuples(inner, WORDS, inner, inner).map(
            lambda it: f"{{{it[0]} for {it[1]}, b in {it[2]} if {it[3]}}}"
        ),
        st.tuples(inner, inner, inner).map(
            lambda it: f"{it[0]} if {it[1]} else {it[2]}"
        ),
        st.tuples(inner, inner).map(
            lambda it: f'"{{}}" "{it[1]!r:.9}"'.replace("'", "")
        ),
    )


EXPRESSIONS = st.recursive(ATOMS, extended, max_leaves=14)
TYPES = st.sampled_from(
    [
        "int",
        "str | None",
        "list[tuple[str, str]]",
        "Mapping[str, Sequence[datetime.date]]",
    ]
)
PARAMETERS = st.lists(
    st.one_of(
        st.tuples(WORDS, TYPES).map(": ".join),
        st.tuples(WORDS, TYPES, ATOMS).map(lambda it: f"{it[0]}: {it[1]} = {it[2]}"),
        WORDS,
    ),
    max_size=4,
).map(joined)


@st.composite
def statements(draw: st.DrawFn) -> str:
    """Return a statement of one logical line; a compound one without its block."""
    one, two = draw(EXPRESSIONS), draw(EXPRESSIONS)
    name, kind, word = draw(NAMES), draw(TYPES), draw(WORDS)
    return draw(
        st.sampled_from(
            [
                one,
                f"{name} = {one}",
                f"{name}[{two}] = {one}",
                f"{word}: {kind} = {one}",
                f"{word}: {kind}",
                f"{name} += {one}",
                f"return {one}",
                f"assert {one}",
                f"assert {one}, {two}",
                f"if {one}:",
                f"elif {one}:",
                f"while {one}:",
                f"for {word}, item in {one}:",
                f"for {word} in {one}:",
                f"raise {name}({one})",
                f"@{name}({one}, {two})",
                f"class {word}({kind}):",
                f"class {word}:",
                f"with {one} as {word}:",
                f"await {name}({one})",
                f"from .{word} import {word}, {', '.join(draw(st.lists(WORDS, max_size=6)) or ['b'])}",
                f"from .{word} import ({word}, a)",
                f"from .{word * 5} import {word}",
                f"def {word}({draw(PARAMETERS)}) -> {kind}:",
                f"async def {word}({draw(PARAMETERS)}) -> {kind}:",
                f"def {word * 6}() -> {kind}:",
            ]
        )
    )


def is_code(statement: str) -> bool:
    """Whether Python takes a statement by itself, with a block if it needs one."""
    body = " pass" if statement.endswith(":") else ""
    body += "\ndef f(): pass" if statement.startswith("@") else ""
    before = "if x: pass\n" if statement.startswith("elif") else ""
    before += "async def f():\n " if statement.startswith("await") else ""
    try:
        ast.parse(before + statement + body)
    except SyntaxError:
        return False
    return True


def by_black(statement: str, depth: int) -> list[str]:
    """Lay out a statement as black does it."""
    return format_statement(statement, depth)


@given(statement=statements().filter(is_code), depth=st.integers(0, 4))
@settings(max_examples=400, deadline=None)
def test_a_statement_is_laid_out_as_black_does_it(statement: str, depth: int) -> None:
    """Whatever is laid out without black is laid out as by black; the rest is left to it."""
    try:
        lines = lay_out(statement, depth, WIDTH)
    except UnsureError:
        return
    assert lines == by_black(statement, depth)
