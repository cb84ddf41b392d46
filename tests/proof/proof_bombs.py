"""Specs that would take all time or all memory, each with the mistake that is to be told of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from leaves import TESTS

Bomb: TypeAlias = Callable[[Path], None]

LARGEST = 4 * 1024 * 1024

OPERATION = """\
soapstone: 1
operation: Ping
summary: Ask whether the service is there.
source: {page: guide}
allow: [{rule: example-missing, reason: Shortened.}]
"""
BASE = TESTS / "cases" / "minimal"
SERVICE = (BASE / "service.yaml").read_text("utf-8")
PING = (BASE / "ping.yaml").read_text("utf-8")


# What is written


def operation(text: str) -> Bomb:
    """Return a bomb that is the text of an operation."""
    return lambda folder: write(folder / "ping.yaml", text.encode())


def service(text: str) -> Bomb:
    """Return a bomb that follows in the description of the service."""
    return lambda folder: write(folder / "service.yaml", (SERVICE + text).encode())


def member(description: str) -> Bomb:
    """Return a bomb that is the member of a request."""
    return operation(
        f"{OPERATION}request:\n  A: {{{description}, doc: What is asked.}}\n"
    )


def pattern(expression: str) -> Bomb:
    """Return a bomb that is a pattern."""
    return member(f'type: string, pattern: "{expression}"')


def document(text: str) -> Bomb:
    """Return a bomb that is the document of an example."""

    def made(folder: Path) -> None:
        named(folder)
        write(folder / "x.xml", text.encode())

    return made


def named(folder: Path) -> None:
    """Let an example name a file for its document."""
    text = re.sub("text: '<Ping xmlns[^']*'", "file: x.xml", PING)
    write(folder / "ping.yaml", text.encode())


def pipe(folder: Path) -> None:
    named(folder)
    os.mkfifo(folder / "x.xml")


def device(folder: Path) -> None:
    named(folder)
    (folder / "x.xml").symlink_to("/dev/zero")


def files(count: int, text: str) -> Bomb:
    """Return a bomb that is many operations."""

    def made(folder: Path) -> None:
        for number in range(count):
            own = text.replace("Ping", f"Ping{number}")
            write(folder / f"operation_{number}.yaml", own.encode())

    return made


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def filled(text: str, size: int = LARGEST - 1000) -> str:
    """Return a text repeated up to a size."""
    return text * (size // len(text.encode()))


def types(count: int, *members: str) -> str:
    """Return types of which each holds the next one, under each of some names."""
    written = [
        f"  Half{number}: {{doc: A part., fields: {{{', '.join(fields)}}}}}\n"
        for number in range(count)
        for inside in (f"Half{number + 1}" if number + 1 < count else "string",)
        for fields in (
            [f"{each}: {{type: {inside}, doc: A part.}}" for each in members],
        )
    ]
    return f"request:\n  Whole: {{type: Half0, doc: All of it.}}\ntypes:\n{''.join(written)}"


def laughs() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]"
        for number in range(1, 20)
    ]
    return "\n".join(lines)


def entities() -> str:
    lines = ['<!ENTITY a0 "xxxxxxxxxx">']
    lines += [
        f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 20)
    ]
    return f"<!DOCTYPE Ping [{''.join(lines)}]><Ping>&a19;</Ping>"


def rules(count: int) -> str:
    """Return members, and rules that each name all of them."""
    names = [f"M{number}" for number in range(count)]
    members = "".join(f"  {name}: {{type: string, doc: A part.}}\n" for name in names)
    every = f"  - exactly_one: [{', '.join(names)}]\n" * count
    return f"{OPERATION}request:\n{members}rules:\n{every}"


def root(text: str) -> str:
    return f'<Ping xmlns="urn:example:minimal">{text}</Ping>'


def failures(message: str) -> str:
    """Return a failure that two cases tell by their messages."""
    return f"""\
response:
  Done: {{type: boolean, required: true, doc: Whether it went well.}}
  Code: {{type: string, doc: What went wrong.}}
  Message: {{type: string, doc: The same in words.}}
outcome: {{success: Done, code: Code, message: Message}}
errors:
  Bad:
    code: B1
    doc: It went wrong.
    data: {{x: {{doc: What it was.}}}}
    cases:
      One: {{doc: One way., messages: ["{message}"]}}
      Other: {{doc: Another way., messages: ["{message}x"]}}
"""


def answer(item: str) -> str:
    """Return an operation with an answer for requests that have such an item."""
    return f"""\
{OPERATION}request:
  A: {{list: I, of: string, doc: What is asked.}}
examples:
  - title: documented
    when: {{items: A, unlike: "[a-z]*[0-9]*[a-z]*"}}
    request:
      text: {root(f"<Request><A><I>{item}</I></A></Request>")}
      values: {{A: [{item}]}}
    response:
      text: <PingResponse xmlns="urn:example:minimal"><PingResult/></PingResponse>
      values: {{}}
"""


BOMBS: dict[str, tuple[Bomb, str]] = {
    # YAML
    "aliases": (operation(laughs()), "ping.yaml: source-alias"),
    "many aliases": (
        operation(f"a: &a [x]\nb: [{filled('*a, ')}]"),
        "ping.yaml: source-alias",
    ),
    "merge keys": (
        operation(f"a: &a {{x: y}}\n{filled('<<: *a' + chr(10))}"),
        "ping.yaml: source-alias",
    ),
    "tags": (operation(f"a: [{filled('!!str x, ')}]"), "ping.yaml: source-tag"),
    "deep sequences": (operation("[" * 100_000 + "]" * 100_000), "ping.yaml: source-"),
    "deep mappings": (
        operation("{a: " * 100_000 + "}" * 100_000),
        "ping.yaml: source-too-deep",
    ),
    "unclosed": (operation("[" * 100_000), "ping.yaml: source-"),
    "deep blocks": (operation("- " * 100_000), "ping.yaml: source-too-deep"),
    "deep keys": (operation("? " * 100_000), "ping.yaml: source-too-deep"),
    "deep indentation": (
        operation("".join(f"{' ' * depth}a:\n" for depth in range(2500))),
        "ping.yaml: source-too-deep",
    ),
    "documents": (operation(filled("---\n")), "ping.yaml: source-second-document"),
    "50 MB, one scalar": (
        operation("a: " + filled("x", 50_000_000)),
        "ping.yaml: source-too-large",
    ),
    "50 MB, many keys": (
        operation(filled("k: 1\n", 50_000_000)),
        "ping.yaml: source-too-large",
    ),
    "50 MB, one line": (
        operation(filled("[1,", 50_000_000)),
        "ping.yaml: source-too-large",
    ),
    "4 MiB, one scalar": (operation("soapstone: " + filled("x")), "ping.yaml: schema-"),
    "4 MiB, one key": (operation(f'"{filled("x")}": 1'), "ping.yaml: source-syntax"),
    "4 MiB, many keys": (
        operation("".join(f"k{each}: 1\n" for each in range(400_000))),
        "ping.yaml: source-too-large",
    ),
    "4 MiB, one key again and again": (
        operation(filled("k: 1\n")),
        "ping.yaml: source-too-large",
    ),
    "4 MiB, one line": (operation(f"[{filled('1,')}]"), "ping.yaml: source-too-large"),
    "4 MiB, one comment": (operation("#" + filled("x")), "ping.yaml: source-empty"),
    "4 MiB, escapes": (
        operation(f'a: "{filled(chr(92) + "x41")}"'),
        "ping.yaml: schema-",
    ),
    "4 MiB, folded": (operation("a: >\n" + filled("  x\n")), "ping.yaml: schema-"),
    "4 MiB, lines": (operation(filled("\n") + "["), "ping.yaml: source-syntax"),
    "4 MiB, controls": (operation(filled("\x00")), "ping.yaml: source-character"),
    "4 MiB, invisible": (
        operation(f"# {filled(chr(0x202E))}"),
        "ping.yaml: source-character",
    ),
    "unknown keys": (
        operation(
            OPERATION + "".join(f"operatio{each}: x\n" for each in range(20_000))
        ),
        "ping.yaml: schema-unknown-key",
    ),
    "unfit values": (
        operation(
            OPERATION
            + "request:\n"
            + "".join(f"  A{each}: {{type: []}}\n" for each in range(9000))
        ),
        "ping.yaml: schema-",
    ),
    # Patterns
    "pattern, a loop in a loop": (
        pattern("(a+)+b"),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern, loops in a row": (
        pattern("[0-9]*" * 8 + "x"),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern, optional parts": (
        pattern("a?" * 40 + "a" * 40),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern, turns of turns": (
        pattern("(" * 9 + "x?" + "){15}" * 9),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern, turns of nothing": (
        pattern("(" * 9 + "){15}" * 9),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern, looking ahead": (
        pattern("(?=(a+)+b)a*"),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern, long texts": (
        pattern("(x{9999}){9999}"),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern, deep": (
        pattern("(" * 2400 + ")" * 2400),
        "ping.yaml: constraint-pattern-invalid",
    ),
    "pattern, large": (pattern(filled("(ab)|")), "ping.yaml: schema-value"),
    "pattern, two loops and a long text": (
        member(
            'type: string, pattern: {regex: "[a-z]*[0-9]*[a-z]*[0-9]*z", '
            f'accepts: ["{"a" * 1_000_000}"], rejects: ["{"b" * 1_000_000}"]}}'
        ),
        "ping.yaml: constraint-pattern-sample",
    ),
    "pattern, two loops and a long value": (
        member(f'type: string, pattern: ".*a.*b.*", allowed: ["{"b" * 1_000_000}"]'),
        "ping.yaml: constraint-",
    ),
    "pattern, two loops and a length": (
        member('type: string, pattern: "[a-z]*[0-9]*[a-z]*", length: {min: 1000000}'),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern of an answer": (
        operation(
            f"{OPERATION}request:\n  A: {{list: I, of: string, doc: What is asked.}}\n"
            'examples:\n  - {title: x, when: {items: A, unlike: "(a+)+b"}}\n'
        ),
        "ping.yaml: constraint-pattern-slow",
    ),
    "pattern of an answer, and a long item": (
        operation(answer("a" * 50_000)),
        "ping.yaml: example-condition",
    ),
    # Numbers
    "length": (
        member("type: string, length: [0, 1000000000000000000]"),
        "ping.yaml: schema-value",
    ),
    "length that is needed": (
        member("type: string, length: [2000000000, 2000000000]"),
        "ping.yaml: schema-value",
    ),
    "length with an exponent": (
        member("type: string, length: 1e999999999"),
        "ping.yaml: schema-value",
    ),
    "length of many digits": (
        member(f"type: string, length: {filled('9')}"),
        "ping.yaml: schema-value",
    ),
    "items": (
        member("list: I, of: string, count: 1000000000"),
        "ping.yaml: schema-value",
    ),
    "items of items": (
        member("list: I, count: 5000, of: {list: J, count: 5000, of: string}"),
        "ping.yaml: structure-too-large",
    ),
    "allowed values": (
        member(f"type: string, allowed: [{', '.join(map(str, range(40_000)))}]"),
        "ping.yaml: schema-value",
    ),
    "decimal with an exponent": (
        member("type: decimal, minimum: 1e999999999"),
        "ping.yaml: constraint-value",
    ),
    "decimal of many digits": (
        member(f"type: decimal, minimum: {filled('9')}"),
        "ping.yaml: constraint-value",
    ),
    "int of many digits": (
        member(f"type: int, minimum: {filled('9')}"),
        "ping.yaml: constraint-value",
    ),
    # Structures
    "types that hold two": (
        service(types(60, "A", "B")),
        "ping.yaml: structure-too-large",
    ),
    "types that hold one": (
        service(types(1000, "A")),
        "ping.yaml: structure-too-large",
    ),
    "members": (
        operation(
            OPERATION
            + "request:\n"
            + "".join(
                f"  A{each}: {{type: string, doc: A part.}}\n" for each in range(8000)
            )
        ),
        "ping.yaml: structure-too-large",
    ),
    "rules": (operation(rules(150)), "ping.yaml: structure-too-large"),
    "messages": (service(failures("{x}a" * 30_000)), "service.yaml: error-"),
    # Documents
    "document of 50 MB": (
        document("<" + filled("x", 50_000_000)),
        "ping.yaml: example-file",
    ),
    "document, many elements": (
        document(root(filled("<a/>"))),
        "x.xml: example-not-well-formed",
    ),
    "document, deep": (document(filled("<a>")), "x.xml: example-not-well-formed"),
    "document, many attributes": (
        document("<Ping " + "".join(f' a{each}="1"' for each in range(300_000)) + "/>"),
        "x.xml: example-not-well-formed",
    ),
    "document, many namespaces": (
        document(
            "<Ping " + "".join(f' xmlns:a{each}="u"' for each in range(200_000)) + "/>"
        ),
        "x.xml: example-not-well-formed",
    ),
    "document, unknown elements": (
        document(root(f"<Request>{'<x>1</x>' * 19_000}</Request>")),
        "x.xml: example-",
    ),
    "document, entities": (document(entities()), "x.xml: example-not-well-formed"),
    "document, ampersands": (
        document(root(f"<Request>{filled('&')}</Request>")),
        "x.xml: example-",
    ),
    "document, elements with ampersands": (
        document(root(filled("<a>&</a>"))),
        "x.xml: example-",
    ),
    "document, comments": (document(filled("<!--")), "x.xml: example-not-well-formed"),
    "document, instructions": (
        document(filled("<?")),
        "x.xml: example-not-well-formed",
    ),
    "document, one text": (document(root(filled("x"))), "x.xml: example-"),
    "document, one name": (document(f"<{filled('x')}/>"), "x.xml: example-"),
    "document, controls": (document(filled("\x00")), "x.xml: example-not-well-formed"),
    "document, lines": (document(filled("\n")), "x.xml: example-not-well-formed"),
    "document, a pipe": (pipe, "ping.yaml: example-file"),
    "document, a device": (device, "ping.yaml: example-file"),
}
