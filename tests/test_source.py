"""Reading the text of a spec: what is refused is named at its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.source import (
    MAXIMUM_BYTES,
    MAXIMUM_DEPTH,
    MAXIMUM_NODES,
    Mapping,
    Scalar,
    parse,
    read,
)


def said(report: Report) -> list[str]:
    """Return what a report says, one line each, with the hint after it."""
    return [
        f"{each.span}: {each.message} [{each.rule}]"
        + (f" -- {each.hint}" if each.hint else "")
        for each in report.diagnostics
    ]


def refused(content: bytes, folder: Path) -> list[str]:
    """Return what is said about a file with some bytes."""
    report = Report()
    file = folder / "x.yaml"
    file.write_bytes(content)
    read(file, "x.yaml", report)
    return said(report)


ALIAS = "write the value out, or make it a shared type in service.yaml"
TAG = "remove it: the expected type decides how a value is read"
QUOTES = "put quotes around a value that holds a colon, a hash or a bracket"
BLANKS = "indent with blanks, never with tabs; quote a value that starts with @, ` or %"


# Files


def test_file_with_byte_order_mark_reads_as_without(tmp_path: Path) -> None:
    """The mark that some editors put first is no part of the first key."""
    report = Report()
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfone: two\n")
    root = read(file, "x.yaml", report)
    assert said(report) == []
    assert root is not None
    assert [(str(each.key.span), each.key.text) for each in root] == [
        ("x.yaml:1:1", "one")
    ]


def test_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    """The system's own words tell why a file cannot be read."""
    report = Report()
    assert read(tmp_path / "none.yaml", "none.yaml", report) is None
    assert said(report) == [
        (
            "none.yaml:1:1: cannot read the file: No such file or directory"
            " [source-unreadable]"
        )
    ]


def test_file_that_is_too_large_is_reported(tmp_path: Path) -> None:
    """A file of 4 MiB is read, and one of a byte more is refused with its size."""
    fits = b"#" * MAXIMUM_BYTES
    assert refused(fits, tmp_path) == [
        "x.yaml:1:1: the file holds no spec [source-empty]"
    ]
    assert refused(fits + b"#", tmp_path) == [
        (
            "x.yaml:1:1: the file has 4,194,305 bytes; 4,194,304 is the limit"
            " [source-too-large] -- move sample documents into files of their own and"
            " split the spec by operation"
        )
    ]


def test_byte_that_is_no_utf8_is_found_by_characters(tmp_path: Path) -> None:
    """The column counts characters, also where one before takes two bytes."""
    assert refused("a: b\nü: ".encode() + b"\xfc\n", tmp_path) == [
        (
            "x.yaml:2:4: byte 0xfc is not valid UTF-8 [source-encoding]"
            " -- save the file as UTF-8"
        )
    ]


# Texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1: the file holds no spec [source-empty]"]),
        ("# only a comment\n", ["1:1: the file holds no spec [source-empty]"]),
        (
            "- one\n",
            [
                (
                    "1:1: a spec is a mapping of keys to values [source-not-mapping]"
                    " -- start the file with `soapstone: 1`"
                )
            ],
        ),
        (
            "a: \x07b\nc: \u202ed\n",
            [
                (
                    "1:4: character U+0007 is invisible or not allowed in YAML"
                    ' [source-character] -- write it as "\\u0007" in double quotes where it is meant'
                ),
                (
                    "2:4: character U+202E is invisible or not allowed in YAML"
                    ' [source-character] -- write it as "\\u202E" in double quotes where it is meant'
                ),
            ],
        ),
        (
            "a: 1\nb: 2\na: 3\n",
            [
                (
                    "3:1: key `a` is here a second time [source-duplicate-key]"
                    " -- remove one of the two"
                )
            ],
        ),
        (
            "a: &x 1\nb: *x\n",
            [
                f"1:4: anchor `&x` is not used in specs [source-alias] -- {ALIAS}",
                f"2:4: alias `*x` is not used in specs [source-alias] -- {ALIAS}",
            ],
        ),
        (
            "*x : 1\nb: [*x]\n",
            [
                f"1:1: alias `*x` is not used in specs [source-alias] -- {ALIAS}",
                f"2:5: alias `*x` is not used in specs [source-alias] -- {ALIAS}",
            ],
        ),
        (
            "*x\n",
            [f"1:1: alias `*x` is not used in specs [source-alias] -- {ALIAS}"],
        ),
        (
            "a:\n  <<: {b: 1}\n",
            [f"2:3: merge key `<<` is not used in specs [source-alias] -- {ALIAS}"],
        ),
        (
            "a: !!str 1\nb: !own {}\n",
            [
                (
                    "1:4: tag `tag:yaml.org,2002:str` is not used in specs"
                    f" [source-tag] -- {TAG}"
                ),
                f"2:4: tag `!own` is not used in specs [source-tag] -- {TAG}",
            ],
        ),
        (
            "a: 1\n---\nb: 2\n",
            [
                (
                    "2:1: a spec file holds one document; here starts a second one"
                    " [source-second-document] -- remove the line `---` or move what"
                    " follows it into a file of its own"
                )
            ],
        ),
        (
            "? [a, b]\n: 1\n",
            ["1:3: a key is a piece of text, not a list or a mapping [source-key]"],
        ),
        (
            "a: 1\n\tb: 2\n",
            [
                (
                    "2:1: not readable as YAML: found a tab character that violates"
                    f" indentation [source-syntax] -- {BLANKS}"
                )
            ],
        ),
        (
            "a: @b\n",
            [
                (
                    "1:4: not readable as YAML: found character that cannot start any"
                    f" token [source-syntax] -- {BLANKS}"
                )
            ],
        ),
        (
            "a: b: c\n",
            [
                (
                    "1:5: not readable as YAML: mapping values are not allowed in this"
                    f" context [source-syntax] -- {QUOTES}"
                )
            ],
        ),
        (
            "a: " + "[" * MAXIMUM_DEPTH + "]" * MAXIMUM_DEPTH,
            ["1:67: nested more than 64 levels deep [source-too-deep]"],
        ),
        ("a: " + "[" * (MAXIMUM_DEPTH - 1) + "]" * (MAXIMUM_DEPTH - 1), []),
    ],
)
def test_what_a_spec_does_not_use_is_refused_at_its_place(
    text: str, expected: list[str]
) -> None:
    """Every construct that a spec must not have is named once, where it stands."""
    report = Report()
    parse(text, "x.yaml", report)
    assert said(report) == [f"x.yaml:{each}" for each in expected]


@pytest.mark.parametrize(
    "text", ["a: 1\n---\nb: 2\n", "? [a]\n: 1\n", "- a\n", "a: b: c\n", "a: \x00\n"]
)
def test_unsound_text_yields_no_mapping(text: str) -> None:
    """Nothing goes on to the next stage when the structure of the text is in doubt."""
    assert parse(text, "x.yaml", Report()) is None


def test_text_of_too_many_parts_is_refused_once() -> None:
    """A spec of more keys and values than anybody writes is no spec, and is told so in one sentence."""
    report = Report()
    half = MAXIMUM_NODES // 2
    # The mapping itself is one as well.
    text = "".join(f"k{number}: v\n" for number in range(half))
    assert parse(text, "x.yaml", report) is None
    sentence = "the file has more than 50,000 keys, values, lists and mappings"
    found = (
        f"x.yaml:{half}:9: {sentence} [source-too-large] -- split the spec by operation"
    )
    assert [line for line in said(report) if "too-large" in line] == [found]


def test_refused_value_is_left_out_and_the_rest_stays() -> None:
    """An alias takes its key with it and leaves the other keys for further checks."""
    root = parse("a: *x\nb: 2\n", "x.yaml", Report())
    assert root is not None
    assert [entry.key.text for entry in root] == ["b"]


def test_duplicate_key_points_at_the_first_one() -> None:
    """Whoever reads of a second key is led to the first one as well."""
    report = Report()
    parse("a: 1\nb: 2\na: 3\n", "x.yaml", report)
    assert [
        (str(related.span), related.message)
        for each in report.diagnostics
        for related in each.related
    ] == [("x.yaml:1:1", "the first one")]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a: b\n", "x.yaml:1:4"),
        ('a: "b"\n', "x.yaml:1:4"),
        ("a: |\n  b\n", "x.yaml:2:3"),
        ("a: >-\n    b\n", "x.yaml:2:5"),
        ("a: |", "x.yaml:2:1"),
    ],
)
def test_text_starts_where_its_first_character_stands(text: str, start: str) -> None:
    """The text of a block starts below its indicator, any other one at its own place."""
    root = parse(text, "x.yaml", Report())
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)
    assert str(value.start) == start
