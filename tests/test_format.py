"""The layout of generated code, beside that of black."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from black.strings import char_width
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.model import synthetic_service
from benchmarks.specs import write_specs
from soapstone import format as layout
from soapstone.diagnostics import Report
from soapstone.format import formatter
from soapstone.format.formatter import format_module, format_statement
from soapstone.format.modules import lay_out_module
from soapstone.format.statements import lay_out, lay_out_item
from soapstone.format.tokens import UnsureError, width_of
from soapstone.pipeline import compile_service, package_files

WIDTH = 88
HERE = Path(__file__).parent
SERVICES = [
    HERE.parent / "specs" / "revio",
    HERE / "demo",
    HERE / "services" / "tallyhouse",
    *sorted((HERE / "cases").iterdir()),
]

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


@given(statement=statements().filter(is_code), depth=st.integers(0, 4))
@settings(max_examples=400, deadline=None)
def test_a_statement_is_laid_out_as_black_does_it(statement: str, depth: int) -> None:
    """Whatever is laid out without black is laid out as by black; the rest is left to it."""
    try:
        lines = lay_out(statement, depth, WIDTH)
    except UnsureError:
        return
    assert list(lines) == format_statement(statement, depth)


@given(items=st.lists(EXPRESSIONS.filter(is_code), min_size=2, max_size=5))
@settings(max_examples=200, deadline=None)
def test_an_item_is_laid_out_as_black_does_it(items: list[str]) -> None:
    """An item of a table, alone, comes out as it does in the table."""
    table = "call(\n" + "".join(f"    {item},\n" for item in items) + ")"
    try:
        lines = [line for item in items for line in lay_out_item(f"{item},", 1, WIDTH)]
    except UnsureError:
        return
    assert ["call(", *lines, ")"] == format_statement(table, 0)


# Statements whose layout takes a rule of its own, each too long for a line.
LONG = "x" * 30
SPECIAL = [
    f"return {LONG}.first({LONG}).second({LONG}).third()",
    f"return {LONG}.first({LONG} + {LONG}).second()",
    f'return "{LONG}{LONG}{LONG}{LONG}"',
    f'return "{LONG}".join({LONG}, {LONG})',
    f"return {LONG}.{LONG}.{LONG}.{LONG}",
    f"return {'x' * 81}({LONG})",
    f"return {'x' * 85}({LONG})",
    f"return {'x' * 85}.a.b",
    f"return ({LONG}, {LONG}, {LONG})",
    f"return ({LONG}, {LONG}) + {LONG}({LONG}, {LONG})[{LONG}]",
    f"return ({LONG}, {LONG}) + {LONG}{LONG}{LONG}",
    f"return ({LONG}, {LONG}, {LONG}) + a",
    f"return {LONG} + {LONG}[{LONG}, {LONG}]",
    f"return {LONG} + {LONG}.a()",
    f"return a({LONG}, b(c, d,), {LONG}).e({LONG})",
    f"return a({LONG}, {LONG},).e({LONG})",
    f"return a({LONG}, {LONG}).e({LONG},).f()",
    f"return a({LONG}).b({LONG}).c({LONG}).d({LONG}, [a, b,])",
    f"{LONG}[{LONG}, {LONG}] = {LONG}({LONG})",
    f"{LONG}[{LONG}, a,] = {LONG}({LONG})",
    f"{LONG}[{LONG}] = {LONG}.a[{LONG}]",
    f"{LONG}[a] = {LONG}{LONG}({LONG})",
    f"{LONG}[{LONG}] = call(a)({LONG}, b)",
    "return",
    f"return {'x' * 85}.a()",
    f'return "{LONG}{LONG}{LONG}".join()',
    f"{LONG}[{LONG}] = {LONG}.a.{LONG}",
    f"call({LONG}, {LONG}, not {LONG}, a not in {LONG})",
    f"return {LONG}[{LONG}][{LONG}, {LONG}]",
    f"return [{LONG}, {LONG}][{LONG}] + {LONG}",
    f"return {LONG} + [{LONG}, {LONG}, {LONG}]",
    f"return {LONG}({LONG}) + {LONG}({LONG})[0]",
    f"return not {LONG}({LONG}, {LONG}) in {LONG}",
    f"return {LONG} if {LONG} else {LONG}",
    f"return {LONG} * -{LONG} + {LONG}",
    f'return "{LONG}" "{LONG}" "{LONG}"',
    f"{LONG}[{LONG}] = {LONG}({LONG})",
    f"{LONG}[{LONG}] = {LONG} + {LONG}",
    f"{LONG}[{LONG}][{LONG}({LONG})] = {LONG}",
    f"{LONG}: Mapping[{LONG}, {LONG}] = {LONG}({LONG})",
    f"{LONG}.{LONG}.{LONG}.{LONG} = a",
    f"{LONG}{LONG}{LONG}xx = {LONG} + b",
    f"a, b = {LONG}({LONG}, {LONG})",
    f"a = b = {LONG}({LONG}, {LONG})",
    f"a = {LONG}, {LONG}, {LONG}",
    f"{LONG} + {LONG} + {LONG}({LONG})",
    f"assert {LONG}({LONG}) == {LONG}, {LONG}",
    f"assert {LONG}({LONG}({LONG})) == {LONG}({LONG})",
    f"if {LONG}() and {LONG}({LONG}, {LONG}):",
    f"if {LONG}({LONG}) and {LONG}()[{LONG}]:",
    f"if {LONG}.a[{LONG}] and {LONG}[{LONG}]:",
    f"if ({LONG}, {LONG}) == {LONG}({LONG}):",
    f"if () == {LONG}({LONG}, {LONG}, {LONG}):",
    f"for a, b in {LONG}({LONG}, {LONG}, {LONG}):",
    f"for a in {LONG}.{LONG}.{LONG}.{LONG}:",
    f"def {LONG}({LONG}: Mapping[str, {LONG}]) -> a:",
    f"def {LONG}({LONG}: Mapping[str, str] = {LONG}) -> a:",
    f"def {LONG}({LONG}: a, *, {LONG}: str | {LONG}{LONG} = ()) -> a:",
    f"def {LONG}(self, {LONG}: str) -> {LONG}{LONG}{LONG}:",
    f"def {LONG}() -> Mapping[{LONG}, {LONG}]:",
    f"def {LONG}{LONG}({LONG} + {LONG}: a) -> a:".replace(" + ", "_"),
    f"class {LONG}({LONG}, {LONG}, {LONG}):",
    f"from {LONG} import ({LONG}, {LONG}, {LONG},)",
    f"from {LONG} import {LONG}{LONG}, {LONG}",
    f"from {LONG}{LONG} import {LONG}",
    f"with {LONG}({LONG}, {LONG}) as {LONG}:",
    f"@{LONG}({LONG}, {LONG}, {LONG})",
    f"[{LONG}({LONG}) for {LONG} in {LONG} if {LONG}]",
    f"call([({LONG}({LONG}, {LONG}, {LONG}))])",
    f"call({LONG}, ({LONG},), [{LONG},], {{{LONG},}})",
    f"call(({LONG},))[{LONG},] + call({LONG}, {LONG},)",
    f"call(*{LONG}, **{LONG}, key={LONG} * 2, other=-{LONG})",
    f"call({LONG})  # {LONG}{LONG}{LONG}",
    f"call({LONG}, [a, b,])",
    f"{LONG} = call({LONG}, {LONG})[{LONG} not in {LONG}]",
    f"[a for b in {LONG}({LONG}, {LONG}, {LONG})]",
    f"call({LONG}, {LONG}, a[b + c:])",
    f"{LONG}{LONG}({LONG}).b(c(d))",
    f'call({LONG}, "\\x00,a",{LONG},{LONG})',
    f"call('a\"', {LONG}, 'a,b',{LONG},{LONG})",
    f"a = call({LONG}, b=(c({LONG}, {LONG}),))",
    f"a = call({LONG}, b=(c({LONG}, {LONG}),), c=d(e,))",
    f"a = call({LONG}, [(b, c), (d)], [(b + {LONG})])",
    f"a = call({LONG}, key={{'a': ({LONG}, {LONG}), 'b': ()}})".replace("'", '"'),
    f"a = call(\n    {LONG}, [\n        {LONG}, {LONG}\n    ], b ,{LONG}\n)",
    f"a = call({LONG}, (b for c, d in {LONG}), {LONG})",
    f"a = call({LONG}({LONG} + {LONG} + {LONG} + {LONG}))",
    f"if {LONG}{LONG} is not None and {'x' * 9}({LONG}):",
    f"if {LONG}{LONG} is not None and {'x' * 8}({LONG}):",
    f"if {LONG}{LONG} is not None and {'x' * 4}({LONG}):",
    f"def {LONG}({LONG}: {LONG}{LONG}, b: a) -> {LONG}:",
    f"from {LONG} import {LONG} as a, {LONG} as b",
]


@pytest.mark.parametrize("statement", SPECIAL)
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_rule_of_its_own_is_that_of_black(statement: str, depth: int) -> None:
    """What is special for black is so here, or left to it."""
    laid_out = format_statement(statement, depth)
    try:
        lines = list(lay_out(statement, depth, WIDTH))
    except UnsureError:
        lines = laid_out
    assert lines == laid_out


@pytest.mark.parametrize("statement", ["assert", "call(a", "call(a))", "a?"])
def test_what_is_no_statement_is_left_to_black(statement: str) -> None:
    """Nobody else is to say what is wrong with code that is none."""
    with pytest.raises(UnsureError):
        lay_out(statement, 0, WIDTH)


# --- Modules ---------------------------------------------------------------------------------------


def texts_of(folder: Path) -> dict[str, str]:
    """Return the modules of a service as the templates write them."""
    compiled = compile_service(folder, Report())
    assert compiled is not None
    assert compiled.plan is not None
    found: dict[str, str] = {}

    def kept(texts: dict[str, str]) -> dict[str, str]:
        found.update(texts)
        return texts

    package_files(compiled.plan, kept)
    return {path: text for path, text in found.items() if path.endswith(".py")}


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_black_has_nothing_to_change(service: Path) -> None:
    """Every generated module is as black lays it out."""
    for path, text in texts_of(service).items():
        assert layout.format_module(text) == format_module(text), path


def test_black_has_nothing_to_change_in_a_large_service(tmp_path: Path) -> None:
    """The same holds where there are fifty operations of all kinds."""
    write_specs(synthetic_service(50), tmp_path / "synthetic")
    texts = texts_of(tmp_path / "synthetic")
    laid_out = "".join(map(layout.format_module, texts.values()))
    # One module is as good as many, and takes less to compare.
    for path in [path for path in texts if "tests/test_" not in path]:
        text = texts[path]
        assert layout.format_module(text) == format_module(text), path
    for path in sorted(path for path in texts if "tests/test_" in path)[::7]:
        text = texts[path]
        assert layout.format_module(text) == format_module(text), path
    assert laid_out


def test_black_is_hardly_ever_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Black lays out no module of a large service, nor a statement of one."""
    asked: list[str] = []
    monkeypatch.setattr(formatter, "format_module", asked.append)
    monkeypatch.setattr(formatter, "format_statement", asked.append)
    write_specs(synthetic_service(12), tmp_path / "synthetic")
    texts = texts_of(tmp_path / "synthetic")
    assert len(texts) > 40
    assert all(map(layout.format_module, texts.values()))
    assert asked == []


MODULES = {
    "imports": "import a\nfrom b import c\nX = 1\n",
    "imports in a function": "def f():\n    import a\n    b()\n    import c\n\n    d()\n",
    "introduction": '"""Doc."""\nX = 1\n',
    "introduction of a class": '"""Doc."""\nclass A:\n    """Doc."""\n    x: int\n',
    "introduction after comments": '# One\n# Two\n"""Doc.\n\nMore.\n"""\n\n\n\nimport a\n',
    "classes": 'class A:\n\n    """Doc."""\n\n\n    x: int\n    def f(self):\n        pass\nclass B(A): ...\n',
    "class with a text alone": 'class A(B):\n    """Doc."""\nX = 1\n',
    "functions": 'def f():\n    """Doc."""\n    pass\nX = 1\ndef g():\n\n    pass\n\n\n\n\n\nY = 2\n',
    "nested functions": "def f():\n    def g():\n        pass\n    def h():\n        pass\n    return g\n",
    "nested after statements": "def f():\n    a()\n    def g():\n        pass\n    return g\n",
    "stubs": "class A(Protocol):\n    def f(self) -> int: ...\n    def g(self) -> int: ...\n\n    def h(self): ...\n",
    "decorators": "X = 1\n@a\n@b(1)\nclass A:\n    @c\n    def f(self):\n        pass\n",
    "conditional definition": "if a:\n    def f():\n        pass\nelse:\n    def f():\n        pass\nX = 1\n",
    "comments": "X = 1\n# About f\n\n\ndef f():\n    pass\n# Done\nY = 1\n",
    "comment of a function": "X = 1\n# About f\ndef f():\n    pass\n",
    "comment beside": "with a(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb):  # cccccccccccccccccccccccccccccccccccccccccccccccccc\n    pass\n",
    "joined": "call(\n    a,\n    b\n)\nreturn_ = (\n    a\n)\n",
    "spaces": "call(a,b, (c,) ,[d, ])\nX = 'text'\n",
    "parentheses": "def f():\n    return (a)\n",
    "table": "call(\n    [\n        (a,b),\n        (1, [],),\n        {},\n    ],\n    key=[\n        x,\n        y,\n    ],\n)\n",
    "table without a comma at the end": "call(\n    [\n        a,\n        b\n    ],\n    c,\n)\n",
    "table with nested calls": "call(\n    first(\n        a\n    ),\n    second,\n    third,\n)\n",
    "table with a gap": "call(\n    a,\n\n    b,\n    c,\n)\n",
    "table with deep lines": "call(\n    a,\n        b,\n    c,\n    d,\n)\n",
    "table with loose brackets": "call(\n    a(b,\n    c),\n    d,\n    e,\n)\n",
    "table with brackets in texts": 'call(\n    "(",\n    ")",\n    c,\n    d,\n)\n',
    "table as a value": "X = [\n    a,\n    b,\n    c,\n]\nY = {\n    1: a,\n    2: b,\n    3: c,\n}\n",
    "table of tuples": "call(\n    [\n        (\n            a,\n            b,\n        ),\n        (\n            a,\n            b\n        ),\n    ],\n    c,\n)\n",
    "table of tuples of one": "call(\n    (\n        a(\n            b,\n        ),\n    ),\n    (\n        (a, b),\n    ),\n)\n",
    "table of operations": "call(\n    (\n        a,\n        b,\n    ) * 50,\n    c,\n)\n",
    "table with spaces at the ends": "call( \n    a, \n    b,\n    c,\n)\n",
    "parameters": "def f(\n    a: b,\n    *,\n    c: d | None = None,\n) -> list[e]:\n    pass\n",
    "parameters beside each other": "def f(\n    a, b,\n    c,\n    d,\n):\n    pass\n",
    "parameters with loose lines": "def f(\n    a,\n        b,\n\n    c='d',\n):\n    pass\n",
    "table of two tables": "a(b)[\n    1,\n    2,\n    3,\n]\n",
    "other indentation": "if a:\n  b()\n",
    "wide characters": f'call("{chr(0xFF12) * 40}", b)\ncall("{chr(0xE9) * 70}", b)\ncall("{chr(0x0301)}")\n',
    "texts over lines": 'X = call("""a\n  b""")\n',
    "raw text": 'def f():\n    r"""A \\\\ b."""\n',
    "nothing": "",
}


@pytest.mark.parametrize("text", MODULES.values(), ids=MODULES)
def test_a_module_is_laid_out_as_black_does_it(text: str) -> None:
    """Empty lines, comments and statements over several lines are those of black."""
    assert layout.format_module(text) == format_module(text)


def test_a_statement_that_is_left_to_black_keeps_its_place() -> None:
    """Clauses, decorators and first lines of blocks are laid out at their depth, each by itself."""
    long = "x" * 50
    text = f"""\
if a:
    if b:
        c()
    elif {long} if {long} else b:
        c()
    else:  # {long}{long}
        c()
try:
    c()
except {long} if {long} else b:
    c()
finally:  # {long}{long}
    c()


@d({long} if {long} else b)
def f():
    with {long}({long}) as b:
        return {long} if {long} else b
"""
    assert layout.format_module(text) == format_module(text)


def test_another_black_lays_out_everything_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The account of its layout holds for one version; any other is asked about all."""
    monkeypatch.setattr(layout, "VERSION", "black 99.1.0")
    monkeypatch.setattr(formatter, "format_module", lambda text: f"# 99\n{text}")
    assert layout.format_module("X = 1\n") == "# 99\nX = 1\n"


def test_another_width_is_kept() -> None:
    """Lines are as long as they may be, and no longer."""
    text = f"call({'a' * 45}, {'b' * 45})\n"
    assert lay_out_module(text, 98, format_statement) == text
    assert lay_out_module(text, 97, format_statement).count("\n") == 3


def test_characters_are_as_wide_as_for_black() -> None:
    """Whatever the width of a character is said to be, black says the same."""
    known = 0
    for number in range(0xA1, 0x20000):
        try:
            width = width_of(chr(number))
        except UnsureError:
            continue
        known += 1
        assert width == char_width(chr(number)), hex(number)
    assert known > 50_000
