"""The templates show the shape of the output and decide nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, meta, nodes
from markupsafe import Markup

import soapstone
from soapstone.naming import Code, Identifier, expression, path_in_comment
from soapstone.render import (
    dict_display,
    docstring,
    environment,
    list_display,
    literal,
)
from soapstone.views import Docstring, Section

TEMPLATES = sorted((Path(soapstone.__file__).parent / "templates").glob("*.j2"))
FORBIDDEN = (
    nodes.Add,
    nodes.Assign,
    nodes.AssignBlock,
    nodes.Compare,
    nodes.Concat,
    nodes.Div,
    nodes.Getitem,
    nodes.Mod,
    nodes.Mul,
    nodes.Sub,
    nodes.Test,
)


def name_of(path: Path) -> str:
    return path.name


def parsed(path: Path) -> nodes.Template:
    return environment().parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_only_places_values(path: Path) -> None:
    """No template computes, compares, assigns or builds text."""
    assert [node for kind in FORBIDDEN for node in parsed(path).find_all(kind)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_uses_its_few_filters(path: Path) -> None:
    """Text of a spec comes in as prose or as literals; the other filters only lay out source text."""
    used = {node.name for node in parsed(path).find_all(nodes.Filter)}
    doors = {"dict_display", "docstring", "list_display", "literal"}
    assert used <= {*doors, "indent", "join", "trim"}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_knows_nothing_but_its_view(path: Path) -> None:
    """What a template needs comes in `view`; macros get what they need as arguments."""
    assert meta.find_undeclared_variables(parsed(path)) <= {"view"}


@pytest.mark.parametrize("value", ["text", 1, None, ("a",)])
def test_the_environment_refuses_what_is_not_source_text(value: object) -> None:
    """A slip in a template is an exception, never code."""
    made: Environment = environment()
    with pytest.raises(TypeError, match="without a filter"):
        made.from_string("{{ value }}").render(value=value)
    assert made.from_string("{{ value }}").render(value=Code("name")) == "name"


HOSTILE = st.one_of(
    st.text(st.characters(), max_size=200),
    st.text(st.sampled_from("\"'\\\n\r\t{}%#\x00\u2028\u202e\ud800a "), max_size=60),
)


@given(HOSTILE)
def test_a_literal_is_the_text_itself(text: str) -> None:
    """Whatever the text, Python reads back exactly it, from one line of printable characters."""
    written = literal(text)
    assert ast.literal_eval(str(written)) == text
    assert "\n" not in written
    assert str(written).isprintable()


@given(st.dictionaries(HOSTILE, st.lists(HOSTILE)))
def test_a_display_is_what_is_in_it(texts: dict[str, list[str]]) -> None:
    """Whatever the texts, Python reads back a list and a dictionary of exactly them."""
    written = dict_display((key, tuple(value)) for key, value in texts.items())
    assert ast.literal_eval(str(written)) == {
        key: tuple(value) for key, value in texts.items()
    }
    assert ast.literal_eval(str(list_display(texts))) == list(texts)


@given(st.lists(HOSTILE, min_size=1, max_size=4), st.sampled_from([0, 4, 8]))
def test_a_docstring_is_one_string(texts: list[str], indentation: int) -> None:
    """Whatever the prose, a docstring is one expression that holds its words."""
    first, *others = texts
    view = Docstring(
        summary=first,
        paragraphs=tuple(others),
        sections=(Section(title="Args", entries=(("name", first),)),),
    )
    source = " " * indentation + str(docstring(view, indentation))
    body = ast.parse(
        f"class Made:\n {source.lstrip()}" if not indentation else f"if 1:\n{source}"
    ).body
    assert len(body) == 1
    statement = body[0]
    assert isinstance(statement, (ast.ClassDef, ast.If))
    assert len(statement.body) == 1
    value = ast.literal_eval(statement.body[0].value)  # type: ignore[attr-defined]  # an expression
    assert [word for text in (first, *others) for word in text.split()] == [
        word for word in value.split() if word not in {"Args:", "name:"}
    ][: sum(len(text.split()) for text in texts)]


@pytest.mark.parametrize("name", ["class", "a b", "", "1a", "a\n", "é", "a;b"])
def test_an_identifier_is_checked(name: str) -> None:
    """Nothing becomes an identifier that Python, in plain ASCII, would not take."""
    with pytest.raises(ValueError, match="not an identifier"):
        Identifier(name)


@pytest.mark.parametrize("path", ["../x.yaml", "a b.yaml", "a\n.yaml", "", "a//b"])
def test_a_path_in_a_comment_is_checked(path: str) -> None:
    """The path of a spec cannot leave the comment that shows it."""
    with pytest.raises(ValueError, match="plain names"):
        path_in_comment(path)


def test_plain_text_does_not_become_source_text_by_being_put_together() -> None:
    """Neither a method of `Code` nor the filter that joins takes in a text that is none."""
    attempts: tuple[Callable[[], object], ...] = (
        lambda: Code("a") + "b",
        lambda: "b" + Code("a"),
        lambda: Code(", ").join(["b"]),
        lambda: Code("{}").format("b"),
        lambda: Code("%s") % "b",
        lambda: Code("a").replace("a", "b"),
    )
    for together in attempts:
        with pytest.raises(TypeError, match="becomes part of source text"):
            together()
    made: Environment = environment()
    joined = made.from_string("{{ value | join(', ') }}")
    assert joined.render(value=[Code("a"), Code("b")]) == "a, b"
    with pytest.raises(TypeError, match="without a filter"):
        joined.render(value=[Code("a"), "b"])


def test_an_expression_is_checked() -> None:
    """Only what Python parses as one expression becomes one."""
    assert isinstance(expression("tuple[int, ...] | None"), Markup)
    with pytest.raises(SyntaxError):
        expression("1; import os")


def test_a_value_without_literal_is_a_bug() -> None:
    """Something that has no literal is refused, not printed."""
    with pytest.raises(TypeError, match="no literal"):
        literal(object())


def test_a_docstring_may_end_with_a_quote() -> None:
    """The last quote of a text is not taken for one of the three that end a docstring."""
    written = docstring(Docstring(summary='It says "so"'), 0)
    assert ast.literal_eval(str(written)) == 'It says "so"'
