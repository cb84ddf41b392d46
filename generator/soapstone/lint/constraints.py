"""Constraints: each by itself, and those of one field together."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from soapstone.diagnostics import Related, Report, Span
from soapstone.lint import walk
from soapstone.lint.backtracking import can_be_tried, slowness, width
from soapstone.lint.evaluation import broken, is_ordered
from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    AtomType,
    Count,
    Length,
    ListValue,
    Maximum,
    Minimum,
    Pattern,
    Service,
    Unique,
)
from soapstone.samples.atoms import is_met
from soapstone.samples.edges import LONGEST_TEXT
from soapstone.samples.values import Sampler

_START_ANCHOR = re.compile(r"\^|\\A")
_END_ANCHOR = re.compile(r"(?<!\\)(\\\\)*(\$|\\Z)\Z")


def ranges_hold_values(service: Service, report: Report) -> None:
    """No lower limit is above its upper limit."""
    for least, most, span in _counted_ranges(service):
        if least is not None and most is not None and least > most:
            _report_empty(
                f"nothing has at least {least} and at most {most}", span, report
            )
    for kind in walk.atoms(service):
        for low in kind.constraints:
            for high in kind.constraints:
                if isinstance(low, Minimum) and isinstance(high, Maximum):
                    _check_limits(low, high, report)


def constraints_have_effect(service: Service, report: Report) -> None:
    """A length or a count refuses something."""
    for least, most, span in _counted_ranges(service):
        if not least and most is None:
            report.warning(
                "constraint-without-effect",
                span,
                "the limits refuse nothing",
                hint="give a least number above 0 or a greatest number, or remove the constraint",
            )


def patterns_are_valid(service: Service, report: Report) -> None:
    """Python takes each regular expression."""
    for pattern in _patterns(service):
        problem = _problem(pattern.expression)
        if problem:
            report.error(
                "constraint-pattern-invalid",
                pattern.span,
                f"`{pattern.expression}` is no regular expression: {problem}",
                hint="write it as Python's module `re` reads it",
            )


def patterns_are_not_anchored(service: Service, report: Report) -> None:
    """Anchors are left out: the whole value matches anyway."""
    for pattern in _valid_patterns(service):
        expression = pattern.expression
        if _START_ANCHOR.match(expression) or _END_ANCHOR.search(expression):
            report.warning(
                "constraint-pattern-anchored",
                pattern.span,
                f"`{expression}` has an anchor at its start or end",
                hint="remove `^` and `$`: the whole value has to match anyway",
            )


def patterns_are_fast(service: Service, report: Report) -> None:
    """No text keeps a pattern busy for ever."""
    for pattern in _valid_patterns(service):
        problem = slowness(pattern.expression)
        if problem:
            report.error(
                "constraint-pattern-slow",
                pattern.span,
                f"`{pattern.expression}` {problem}",
                hint="let each loop take its characters in one way only: `a+` for `(a+)+`",
            )


def lengths_suit_patterns(service: Service, report: Report) -> None:
    """A pattern is soon through with the longest text that is allowed beside it."""
    for kind in walk.atoms(service):
        for pattern in _sound_patterns(kind):
            longest = _longest(kind)
            if not can_be_tried(pattern.expression, longest):
                report.error(
                    "constraint-pattern-slow",
                    pattern.span,
                    f"`{pattern.expression}` can take very long with a text of {longest:,} characters, which `length` allows",
                    hint="let loops that follow each other take different characters, or lower `length`",
                )


def _longest(kind: AtomType) -> int:
    lengths = (each for each in kind.constraints if isinstance(each, Length))
    limits = (
        each.minimum if each.maximum is None else each.maximum for each in lengths
    )
    # Nobody waits for what is still longer.
    return min(max((limit or 0 for limit in limits), default=0), LONGEST_TEXT)


def values_are_known(service: Service, report: Report) -> None:
    """A value is known that meets all constraints of a field with a pattern."""
    for kind in walk.atoms(service):
        lengths = [each for each in kind.constraints if isinstance(each, Length)]
        for pattern in _sound_patterns(kind):
            is_possible = all(_fit(length, pattern) for length in lengths)
            if is_possible and _is_tried(kind, pattern) and not is_met(kind):
                report.error(
                    "constraint-value-unknown",
                    pattern.span,
                    "no value was found that meets all constraints of this field",
                    hint="give one that does: `pattern: {regex: ..., accepts: [...]}`",
                )


def _is_tried(kind: AtomType, pattern: Pattern) -> bool:
    """Whether all texts that are given, or allowed, are soon tried with a pattern."""
    given = [each for other in kind.constraints for each in _given(other)]
    return can_be_tried(pattern.expression, max(map(len, given), default=0)) and (
        can_be_tried(pattern.expression, _longest(kind))
    )


def _given(constraint: AtomConstraint) -> tuple[str, ...]:
    if isinstance(constraint, Pattern):
        return constraint.accepts
    values = constraint.values if isinstance(constraint, Allowed) else ()
    return tuple(value for value in values if isinstance(value, str))


def lists_can_be_filled(service: Service, report: Report) -> None:
    """A list that must not repeat an item can have as many different ones as it needs."""
    if report.has_errors:
        return  # items of what is wrong itself cannot be made
    for kind in walk.lists(service):
        least = max(
            (each.minimum or 0 for each in kind.constraints if isinstance(each, Count)),
            default=0,
        )
        for constraint in kind.constraints:
            if isinstance(constraint, Unique) and least > 1:
                made = Sampler(service).value(kind, "Item")
                found = len(made.items) if isinstance(made, ListValue) else 0
                if found < least:
                    report.error(
                        "constraint-unique-count",
                        constraint.span,
                        f"the list needs {least} different items, and only {found} were found",
                        hint="lower `count`, remove `unique`, or give more values under `accepts` of a pattern",
                    )


def patterns_fit_lengths(service: Service, report: Report) -> None:
    """Some value has both the length and the pattern that its field asks for."""
    for kind in walk.atoms(service):
        for length in kind.constraints:
            for pattern in _sound_patterns(kind):
                if isinstance(length, Length) and not _fit(length, pattern):
                    report.error(
                        "constraint-pattern-length",
                        pattern.span,
                        f"no text that matches `{pattern.expression}` has the length that is asked for",
                        hint="correct one of the two, or remove `length`",
                        related=[Related(length.span, "the length")],
                    )


def pattern_samples_agree(service: Service, report: Report) -> None:
    """Values that a pattern is said to take or refuse are."""
    for kind in walk.atoms(service):
        for pattern in _sound_patterns(kind):
            for value in pattern.accepts:
                if not can_be_tried(pattern.expression, len(value)):
                    _report_sample(pattern, value, "accepts", _TOO_LONG, report)
                elif not _matches(pattern, value):
                    _report_sample(pattern, value, "accepts", "does not match", report)
            for value in pattern.rejects:
                if not can_be_tried(pattern.expression, len(value)):
                    _report_sample(pattern, value, "rejects", _TOO_LONG, report)
                elif _matches(pattern, value):
                    _report_sample(pattern, value, "rejects", "matches", report)


_TOO_LONG = "is too long to be tried with"


def allowed_values_differ(service: Service, report: Report) -> None:
    """No allowed value is listed twice."""
    for kind in walk.atoms(service):
        for constraint in kind.constraints:
            if isinstance(constraint, Allowed):
                for first, value in _repeated(constraint.values):
                    one, other = _shown(first), _shown(value)
                    report.error(
                        "constraint-allowed-repeated",
                        constraint.span,
                        f"`{other}` is listed more than once",
                        hint="list each allowed value once"
                        + ("" if one == other else f": `{other}` equals `{one}`"),
                    )


def allowed_values_agree(service: Service, report: Report) -> None:
    """No other constraint refuses an allowed value."""
    for kind in walk.atoms(service):
        for allowed in kind.constraints:
            if isinstance(allowed, Allowed):
                _check_allowed(allowed, kind, report)


def _check_allowed(allowed: Allowed, kind: AtomType, report: Report) -> None:
    for other in _checkable(kind):
        for value in allowed.values:
            if broken(other, value):
                report.error(
                    "constraint-allowed-conflict",
                    allowed.span,
                    f"`{_shown(value)}` is allowed here and refused by `{type(other).__name__.lower()}`",
                    hint="remove the value, or the constraint that refuses it",
                    related=[Related(other.span, "what refuses it")],
                )


def _counted_ranges(service: Service) -> Iterator[tuple[int | None, int | None, Span]]:
    for kind in walk.atoms(service):
        for constraint in kind.constraints:
            if isinstance(constraint, Length):
                yield constraint.minimum, constraint.maximum, constraint.span
    for each in walk.lists(service):
        for limits in each.constraints:
            if isinstance(limits, Count):
                yield limits.minimum, limits.maximum, limits.span
    for test in walk.items_tests(service):
        yield test.minimum, test.maximum, test.span


def _check_limits(low: Minimum, high: Maximum, report: Report) -> None:
    least, most = _shown(low.limit), _shown(high.limit)
    if is_ordered(low.limit, high.limit):
        return
    if is_ordered(high.limit, low.limit):
        sentence = f"nothing is at least `{least}` and at most `{most}`"
        _report_empty(sentence, high.span, report)
    else:
        sentence = f"`{least}` and `{most}` cannot be compared"
        _report_empty(
            sentence, high.span, report, "give both limits a zone, or neither"
        )


def _report_empty(
    sentence: str, span: Span, report: Report, hint: str = "write the lower limit first"
) -> None:
    report.error("constraint-range-empty", span, sentence, hint=hint)


def _report_sample(
    pattern: Pattern, value: str, key: str, verb: str, report: Report
) -> None:
    report.error(
        "constraint-pattern-sample",
        pattern.span,
        f"`{value}` stands under `{key}` and {verb} `{pattern.expression}`",
        hint="correct the expression or the value; the whole value has to match",
    )


def _patterns(service: Service) -> Iterator[Pattern]:
    for kind in walk.atoms(service):
        for constraint in kind.constraints:
            if isinstance(constraint, Pattern):
                yield constraint
    for test in walk.items_tests(service):
        if test.unlike:
            yield Pattern(expression=test.unlike, span=test.span)


def _valid_patterns(service: Service) -> Iterator[Pattern]:
    return (each for each in _patterns(service) if not _problem(each.expression))


def _sound_patterns(kind: AtomType) -> Iterator[Pattern]:
    """Yield the patterns that can be tried without waiting for ever."""
    for constraint in kind.constraints:
        if (
            isinstance(constraint, Pattern)
            and not _problem(constraint.expression)
            and not slowness(constraint.expression)
        ):
            yield constraint


def _checkable(kind: AtomType) -> Iterator[AtomConstraint]:
    for constraint in kind.constraints:
        if not isinstance(constraint, Pattern | Allowed):
            yield constraint
    yield from _sound_patterns(kind)


def _problem(expression: str) -> str:
    try:
        re.compile(expression, re.ASCII)
    # Flags that exclude each other, deep nesting and great numbers raise errors of their own.
    except (re.error, ValueError, RecursionError, OverflowError) as problem:
        return str(problem)
    return ""


def _matches(pattern: Pattern, value: str) -> bool:
    return re.fullmatch(pattern.expression, value, re.ASCII) is not None


def _fit(length: Length, pattern: Pattern) -> bool:
    least, most = width(pattern.expression)
    is_short = length.maximum is not None and length.maximum < least
    return not is_short and (length.minimum or 0) <= most


def _repeated(values: tuple[Atom, ...]) -> Iterator[tuple[Atom, Atom]]:
    """Yield each value that stands there already, after the first that equals it."""
    for place, value in enumerate(values):
        first = values.index(value)
        if first != place:
            yield values[first], value


def _shown(value: Atom) -> str:
    match value:
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value)
