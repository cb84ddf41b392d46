"""What each rule checks and why, with a bad and a good spec: the texts of `soapstone explain`."""

from __future__ import annotations

from functools import cache
from importlib import resources


def explain(rule: str) -> str | None:
    """Return the explanation of a rule in Markdown; None when there is no such rule."""
    return _texts().get(rule)


def known_rules() -> tuple[str, ...]:
    """Return the names of all rules that any stage reports, in alphabetical order."""
    return tuple(_texts())


def summary(rule: str) -> str:
    """Return what a rule checks, in one sentence; empty when there is no such rule."""
    _, _, body = _texts().get(rule, "").partition("\n\n")
    paragraph, _, _ = body.partition("\n\n")
    return " ".join(paragraph.split())


@cache
def _texts() -> dict[str, str]:
    folder = resources.files("soapstone").joinpath("rules")
    return {
        file.name.removesuffix(".md"): file.read_text("utf-8")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".md")
    }
