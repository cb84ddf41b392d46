"""Fifth stage: views to text in memory.

Text of a spec enters Python through a few filters only: `literal` writes a value as Python does,
`list_display` and `dict_display` several of them, and `docstring` wraps and escapes prose. Anything else
that is not `Code` is refused by the environment.
"""

from __future__ import annotations

import datetime
import math
import re
import textwrap
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from soapstone.model import Timestamp
from soapstone.naming import Code
from soapstone.plan import PlannedOperation, PlannedPackage
from soapstone.views import Docstring, ValueView

WIDTH = 88
# Both clients show what a method is about, and classes of answers what they have in common.
_KEPT_PARAGRAPHS = 8192

_UNPRINTABLE = re.compile(
    "[^\n -~\u00a1-\U0010ffff]"
    "|[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufff9-\uffff]"
)
_UNFIT_FOR_RAW = re.compile(f'"""|"\\Z|\\\\\\Z|{_UNPRINTABLE.pattern}')


# Hexadecimal digits of a character that the shorter escape of Python can hold.
_SHORT = 4


def render_package(plan: PlannedPackage) -> dict[str, str]:
    """Return the text of each generated module that is about more than one operation, by its path."""
    files = {
        "__init__.py": _render("package.py.j2", plan.package),
        "client.py": _render("client.py.j2", plan.client),
        "errors.py": _render("errors.py.j2", plan.errors),
        "types.py": _render("types.py.j2", plan.types),
        "py.typed": "",
        "tests/test_testing.py": _render("test_testing.py.j2", plan.fake_tests),
    }
    for name, template in _FAKE_MODULES.items():
        files[f"testing/{name}.py"] = _render(f"fake_{template}.py.j2", plan.fake)
    for path, template, view in (
        ("testing/shared.py", "fake_shared.py.j2", plan.shared_readers),
        ("tests/test_errors.py", "test_errors.py.j2", plan.error_tests),
        ("tests/test_types.py", "test_types.py.j2", plan.authentication_tests),
    ):
        if view is not None:
            files[path] = _render(template, view)
    return files


def render_operation(planned: PlannedOperation) -> dict[str, str]:
    """Return the text of each generated module that is about one operation, by its path."""
    view = planned.view
    return {
        f"{view.module}.py": _render("operation.py.j2", view),
        f"testing/answers/{view.module}.py": _render(
            "fake_operation.py.j2", planned.fake.view
        ),
        f"tests/test_{view.module}.py": _render(
            "test_operation.py.j2", planned.tests.view
        ),
    }


_FAKE_MODULES = {
    "__init__": "package",
    "__main__": "main",
    "answers/__init__": "answers",
    "fixtures": "fixtures",
    "memory": "memory",
    "service": "service",
}


def _render(template: str, view: object) -> str:
    return environment().get_template(template).render(view=view)


def prepare() -> None:
    """Compile all templates, which takes as long as twenty operations."""
    for name in environment().list_templates(["j2"]):
        environment().get_template(name)


@cache
def environment() -> Environment:
    """Return the environment of all templates.

    Its escaping marks what is source text already: the output of macros and filters, and `Code`.
    """
    made = Environment(
        loader=PackageLoader("soapstone"),
        autoescape=True,
        finalize=refuse_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    # Jinja2 annotates its table of filters with the types of its own.
    filters: dict[str, Any] = made.filters
    for name in set(filters) - {"indent", "trim"}:
        del filters[name]
    filters |= {
        "dict_display": dict_display,
        "docstring": docstring,
        "join": join,
        "list_display": list_display,
        "literal": literal,
    }
    return made


def refuse_text(value: object) -> object:
    """Let nothing be printed that is not source text: a slip in a template must not become code."""
    if not isinstance(value, Markup):
        raise TypeError(f"a template prints a {type(value).__name__} without a filter")
    return value


def join(values: Iterable[object], separator: str) -> Code:
    """Join pieces of source text; unlike that of Jinja2, take no others in among them."""
    return Code(separator.join(str(refuse_text(value)) for value in values))


def literal(value: object) -> Code:
    """Write a value as Python source, on one line, in printable characters."""
    return Code(_written(value))


def list_display(values: Iterable[object]) -> Code:
    """Write values as a list."""
    return Code(f"[{', '.join(map(_written, values))}]")


def dict_display(pairs: Iterable[tuple[object, object]]) -> Code:
    """Write keys with their values as a dictionary."""
    items = (f"{_written(key)}: {_written(value)}" for key, value in pairs)
    return Code(f"{{{', '.join(items)}}}")


def _written(value: object) -> str:
    match value:
        case ValueView():
            return _expression(value)
        case str():
            return _quoted(str(value))
        case float() if not math.isfinite(value):
            return f'float("{value}")'
        case Decimal():
            return f'Decimal("{value}")'
        case tuple():
            items = [_written(item) for item in cast("tuple[object, ...]", value)]
            return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
        case Timestamp(digits=digits):
            nanosecond = int(digits.ljust(3, "0"))
            return f"{repr(value)[:-1]}, nanosecond={nanosecond})"
        case bytes():
            return f"b{_requoted(repr(value)[1:])}"
        case bool() | int() | float() | datetime.date() | None:
            return repr(value)
        case _:
            raise TypeError(f"no literal for a {type(value).__name__}")


def _expression(view: ValueView) -> str:
    if view.name:
        return view.name
    if view.member:
        return f"{view.class_name}.{view.member}"
    if view.class_name:
        arguments = [f"{name}={_expression(each)}" for name, each in view.arguments]
        return f"{view.class_name}({', '.join(arguments)})"
    written = _written(view.items if view.is_tuple else view.atom)
    return f"{written} * {view.times}" if view.times else written


def _quoted(text: str) -> str:
    return _requoted(repr(text))


def _requoted(written: str) -> str:
    """Use double quotes unless a text holds some and no single ones."""
    if written[0] == "'" and '"' not in written and "\\'" not in written:
        return f'"{written[1:-1]}"'
    if written[0] == "'" and "\\'" in written:
        body = written[1:-1].replace("\\'", "'").replace('"', '\\"')
        return f'"{body}"'
    return written


def docstring(doc: Docstring, indentation: int) -> Code:
    """Write a docstring, wrapped, with the indentation that its lines but the first need."""
    width = WIDTH - indentation
    blocks = ["\n".join(_wrap(doc.summary, width - 6, ""))]
    blocks += ["\n".join(_wrap(paragraph, width, "")) for paragraph in doc.paragraphs]
    for section in doc.sections:
        lines = [f"{section.title}:"]
        for name, text in section.entries:
            lines += _wrap(f"{name}: {text}", width - 4, "    ")
        blocks.append("\n".join(_indented(lines)))
    if doc.drawing:
        blocks.append("\n".join(doc.drawing))
    return Code(_in_quotes("\n\n".join(blocks), " " * indentation))


@lru_cache(_KEPT_PARAGRAPHS)
def _wrap(text: str, width: int, hanging: str) -> tuple[str, ...]:
    lines = textwrap.wrap(
        " ".join(text.split()),
        width,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return tuple(lines) or ("",)


def _indented(lines: list[str]) -> list[str]:
    return [lines[0], *(f"    {line}" for line in lines[1:])]


def _in_quotes(text: str, margin: str) -> str:
    is_raw = "\\" in text and not _UNFIT_FOR_RAW.search(text)
    if not is_raw:
        text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        text = _UNPRINTABLE.sub(_escape, text)
    lines = text.split("\n")
    if len(lines) == 1 and text.endswith('"'):
        lines = [f'{text[:-1]}\\"']
    body = "\n".join([lines[0], *(f"{margin}{line}".rstrip() for line in lines[1:])])
    end = f"\n{margin}" if len(lines) > 1 else ""
    return f'{"r" * is_raw}"""{body}{end}"""'


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if len(f"{code:x}") <= _SHORT else f"\\U{code:08x}"
