"""Documents that ask for something outside of them, and a program that writes down what is opened.

Called with the folder of the packages, a file that nobody may read and the address of a server that
nobody may call; standard input lists the operations as JSON. It writes one line of JSON: how many
documents were parsed, what came of them, and everything that was opened meanwhile.
"""

from __future__ import annotations

import json
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

WATCHED = (
    *("open", "socket.", "urllib.", "http.", "ftplib.", "subprocess.", "ctypes."),
    *("os.", "shutil.", "tempfile.", "glob.", "pty.", "webbrowser.", "syslog."),
)
ENCODINGS = (
    "utf-8",
    "utf-16",
    "iso-8859-1",
    "no-such-encoding",
    "bz2",
    "rot13",
    "idna",
)


def asking(target: str) -> Iterator[tuple[str, str]]:
    """Yield what is put before an answer, and what into it, so that something is opened."""
    yield f'<!DOCTYPE a SYSTEM "{target}">', ""
    yield f'<!DOCTYPE a PUBLIC "-//a//b" "{target}">', ""
    yield f'<!DOCTYPE a [<!ENTITY e SYSTEM "{target}">]>', "<Unknown>&e;</Unknown>"
    yield f'<!DOCTYPE a [<!ENTITY % e SYSTEM "{target}">%e;]>', ""
    yield f'<!DOCTYPE a [<!NOTATION n SYSTEM "{target}">]>', ""
    yield f'<?xml-stylesheet type="text/xsl" href="{target}"?>', ""
    yield (
        "",
        f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{target}"/>',
    )
    location = f's:schemaLocation="urn:x {target}" xml:base="{target}"'
    yield (
        "",
        f'<Unknown xmlns:s="http://www.w3.org/2001/XMLSchema-instance" {location}/>',
    )
    yield "", f'<Unknown xmlns="{target}" href="{target}"/>'


def documents(answer: str, result: str, targets: tuple[str, ...]) -> Iterator[bytes]:
    """Yield everything that can be asked for, in several encodings."""
    end = f"</{result}>"
    for target in targets:
        for before, inside in asking(target):
            text = before + answer.replace(end, inside + end)
            for encoding in ENCODINGS:
                declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}'
                codec = encoding if encoding.startswith("utf") else "utf-8"
                yield declared.encode(codec)


class Watch:
    """Writes down what is opened, by the names that Python gives to such events."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._library = sysconfig.get_path("stdlib")

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take note of an event, unless Python imports a part of itself."""
        if event.startswith(WATCHED):
            place = str(arguments[0]) if arguments else ""
            if not place.startswith(self._library):
                self.seen.append(f"{event} {place}")


def outcome_of(
    parse: Callable[[bytes], object],
    document: bytes,
    refused: tuple[type[Exception], ...],
) -> str:
    """Return what comes of a document; any exception that is not documented passes through."""
    try:
        parse(document)
    except refused as error:
        return type(error).__name__
    return "read"


def main(parent: str, file: str, address: str) -> None:
    """Parse every document of every operation."""
    sys.path.insert(0, parent)
    parsers = [
        (
            import_module(module).parse_response,
            import_module(f"{module.rpartition('.')[0]}.errors"),
            list(documents(Path(answer).read_text("utf-8").partition("?>")[2], *rest)),
        )
        for module, answer, result in json.load(sys.stdin)
        for rest in ((result, (Path(file).as_uri(), file, address)),)
    ]
    watch = Watch()
    sys.addaudithook(watch)
    outcomes = Counter[str]()
    for parse, errors, made in parsers:
        refused = (errors.MalformedResponse, errors.SoapFault)
        outcomes.update(outcome_of(parse, document, refused) for document in made)
    seen = list(watch.seen)
    # What the watch would have seen.
    Path(file).read_text(encoding="utf-8")
    json.dump((outcomes, seen, watch.seen[len(seen) :]), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
