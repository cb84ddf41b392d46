"""`soapstone explain`: what the rules check, and why."""

from __future__ import annotations

import difflib

import click

from soapstone.explanations import explain, known_rules, summary
from soapstone.reporting import visible


def explained(rule: str) -> str:
    """Return what there is to know about a rule.

    Raises:
        click.UsageError: There is no such rule.
    """
    text = explain(rule)
    if text is None:
        near = difflib.get_close_matches(rule.lower(), known_rules(), n=1)
        hint = f"did you mean `{near[0]}`?" if near else "--list names them all"
        raise click.UsageError(f"there is no rule `{visible(rule)}`; {hint}")
    return text.rstrip()


def listed() -> str:
    """Return every rule with its summary, in columns."""
    rules = known_rules()
    width = max(map(len, rules), default=0)
    return "\n".join(f"{rule:<{width}}  {summary(rule)}" for rule in rules)
