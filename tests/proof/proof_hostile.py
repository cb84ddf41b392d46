"""Documents that are meant to hurt, and a program that parses them with little memory.

Called with the folder of the packages, the module of an operation, the name of its result element
and the file of its answer. It writes one line of JSON: for each document what came of it, how much
time of the processor that took, and how large what is kept of it is.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

SIZE = 10_000_000
DEPTH = 100_000

# What the process may take on top of what it has once everything is imported.
MEMORY = 25 * SIZE


def laughs() -> str:
    """Return a DOCTYPE whose last entity stands for a thousand million laughs."""
    entities = "".join(
        f'<!ENTITY l{number} "{_ten_times(f"&l{number - 1};")}">'
        for number in range(1, 10)
    )
    return f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]>'


def parameters() -> str:
    """Return the same with entities of the DOCTYPE itself."""
    entities = "".join(
        f'<!ENTITY % p{number} "{_ten_times(f"&#37;p{number - 1};")}">'
        for number in range(1, 10)
    )
    return f'<!DOCTYPE a [<!ENTITY % p0 "<!-- -->">{entities}%p9;]>'


def _ten_times(text: str) -> str:
    return text * 10


class Hostile:
    """Makes documents from the answer to an operation."""

    def __init__(self, answer: str, result: str) -> None:
        self._answer = answer
        self._result = result

    def documents(self) -> dict[str, Callable[[], str]]:
        """Return what makes each document."""
        deep = "<a>" * DEPTH + "</a>" * DEPTH
        text = f"<Unknown>{'x' * 50_000}</Unknown>"
        large = f'<!DOCTYPE a [<!ENTITY e "{_ten_times("x") * 5_000}">]>'
        return {
            "text": lambda: self._with(f"<Unknown>{'x' * SIZE}</Unknown>"),
            "texts": lambda: self._with(text * (SIZE // len(text))),
            "elements": lambda: self._with("<a/>" * (SIZE // 50)),
            "billion laughs": lambda: laughs() + self._with("<a>&l9;</a>"),
            "billion parameters": lambda: parameters() + self._with(""),
            "quadratic blow-up": lambda: large + self._with("&e;" * 50_000),
            "attribute": lambda: self._with_attribute("y" * SIZE),
            "attribute of references": lambda: self._with_attribute(
                "&lt;" * (SIZE // 4)
            ),
            "attribute without end": lambda: self._with_attribute("y" * SIZE)[
                : SIZE // 2
            ],
            "attributes": lambda: self._with("<a" + _each(" a{}=''") + "/>"),
            "namespaces": lambda: self._with(_each('<a xmlns="urn:{}"/>')),
            "depth": lambda: self._with(deep),
            "depth alone": lambda: deep,
            "depth without end": lambda: self._with("<a>" * DEPTH),
            "depth of a fault": lambda: f"<Fault><faultstring/><detail>{deep}</detail></Fault>",
            "fault": lambda: f"<Fault><faultstring>{'f' * SIZE}</faultstring></Fault>",
            "ampersands": lambda: self._with(f"<a>{'& ' * (SIZE // 2)}</a>"),
            "comment": lambda: self._with(f"<!--{'c' * SIZE}-->"),
            "comment without end": lambda: self._with("<!--" + "c<!-" * (SIZE // 4)),
            "DOCTYPE in a comment": lambda: self._with(f"<!--<!DOCTYPE{'c' * SIZE}-->"),
            "no markup": lambda: "x" * SIZE,
            "brackets": lambda: "<" * SIZE,
        }

    def _with(self, inside: str) -> str:
        end = f"</{self._result}>"
        return self._answer.replace(end, inside + end)

    def _with_attribute(self, value: str) -> str:
        start = f"<{self._result}"
        return self._answer.replace(start, f'{start} unknown="{value}"', 1)


def _each(form: str) -> str:
    return "".join(map(form.format, range(DEPTH)))


def main(parent: str, module: str, result: str, answer: str) -> None:
    """Parse every document."""
    sys.path.insert(0, parent)
    parse = import_module(module).parse_response
    documented = import_module(f"{module.rpartition('.')[0]}.errors")
    kept = (documented.MalformedResponse, documented.SoapFault)
    made = Hostile(Path(answer).read_text(encoding="utf-8").partition("?>")[2], result)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_taken() + MEMORY, most))
    found: dict[str, tuple[str, float, int]] = {}
    # As long as it takes to read a document of that size at all.
    document = made.documents()["elements"]().encode()
    start = time.process_time()
    ElementTree.fromstring(document)
    found["floor"] = ("read", time.process_time() - start, 0)
    for name, make in made.documents().items():
        document = make().encode()
        start = time.process_time()
        try:
            parse(document)
            outcome, size = "read", 0
        except kept as error:
            outcome = type(error).__name__
            size = len(str(error)) + len(pickle.dumps(error))
        found[name] = (outcome, time.process_time() - start, size)
    json.dump(found, sys.stdout)


def _taken() -> int:
    """Return how much memory the process has, of whatever kind."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(*sys.argv[1:])
