"""The check that makes the rest trustworthy: every example is built and parsed against the spec.

What a person typed in from the page, the document that the page shows, and what the model says
of both are compared with each other, so that a slip in any of the three shows in the other two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from soapstone.diagnostics import Related, Report, did_you_mean
from soapstone.lint import walk
from soapstone.lint.ampersands import bare_ampersands, mend
from soapstone.lint.evaluation import consists_of
from soapstone.lint.sample import CORRECT, Sample
from soapstone.lint.sample_constraints import (
    check_request_values,
    check_response_values,
)
from soapstone.lint.sample_frame import find_members, settle_defects
from soapstone.lint.sample_structure import check_element, check_members
from soapstone.lint.sample_values import compare_members
from soapstone.lint.sample_xml import (
    Decoded,
    Element,
    Problem,
    decode,
    parse,
)
from soapstone.lint.wire import Difference, first_difference, write_text
from soapstone.lint.writing import RequestWriter
from soapstone.model import (
    AtomValue,
    DeclaredDefect,
    Defect,
    Document,
    EnvelopeKind,
    ErrorCase,
    Field,
    ListType,
    MemberValue,
    MessagePattern,
    MixedListType,
    Operation,
    Outcome,
    Service,
    StructureValue,
    WirePath,
)


def check_examples(service: Service, report: Report) -> None:
    """Check every document of every example; findings go to the report."""
    for operation in service.operations:
        for example in operation.examples:
            if example.request is not None:
                _check_request(service, operation, example.request, report)
            if example.response is not None:
                _check_response(service, operation, example.response, report)


def _check_request(
    service: Service, operation: Operation, document: Document, report: Report
) -> None:
    decoded = decode(document.content)
    sample = _mended(
        Sample(
            service=service,
            operation=operation,
            document=document,
            is_request=True,
            text=decoded.text,
        )
    )
    members = _members(sample, decoded)
    if members is not None:
        _check_authentication(sample, members)
        compare_members(sample, members, operation.request.fields, document.values)
    check_request_values(sample)
    if members is not None and not (sample.skipped or sample.report.has_errors):
        _check_build(sample)
    _hand_over(sample, report)


def _check_response(
    service: Service, operation: Operation, document: Document, report: Report
) -> None:
    decoded = decode(document.content)
    sample = _mended(
        Sample(
            service=service,
            operation=operation,
            document=document,
            is_request=False,
            text=decoded.text,
        )
    )
    members = _members(sample, decoded)
    if members is not None:
        compare_members(sample, members, operation.response.fields, document.values)
    outcome = operation.outcome
    is_failure = outcome is not None and _is_failure(outcome, document.values)
    check_response_values(
        sample, is_failure=is_failure, is_compared=members is not None
    )
    if outcome is not None and is_failure:
        _check_outcome(sample, outcome)
    _hand_over(sample, report)


def _members(sample: Sample, decoded: Decoded) -> Element | None:
    """Return the element that holds the members, after everything in it was looked at."""
    _report_problems(sample, decoded.problems)
    if not decoded.is_whole:
        return None
    root = parse(sample.text, sample.mended)
    if isinstance(root, Problem):
        _report_problems(sample, [root])
        return None
    members = find_members(sample, root)
    if members is not None:
        for element in sample.headers:
            _check_in_header(sample, element)
        check_members(sample, members, sample.fields)
        settle_defects(sample)
    return members


def _check_in_header(sample: Sample, element: Element) -> None:
    for field in sample.header_fields:
        if field.name == element.name:
            check_element(sample, element, element, field.type)


def _report_problems(sample: Sample, problems: Iterable[Problem]) -> None:
    for problem in problems:
        sample.error(problem.rule, problem.offset, problem.message, problem.hint)


def _hand_over(sample: Sample, report: Report) -> None:
    for diagnostic in sample.report.diagnostics:
        report.add(diagnostic)


# Ampersands


def _mended(sample: Sample) -> Sample:
    """Return the sample with the places of its bare ampersands, which are to be declared."""
    found = {
        each.element: each.offset for each in reversed(bare_ampersands(sample.text))
    }
    declared = [
        (defect, name)
        for defect in sample.document.defects
        if defect.defect is Defect.BARE_AMPERSAND
        for name in defect.elements
    ]
    for defect, name in declared:
        if name not in found:
            _report_absent_ampersand(sample, defect, name)
    names = {name for _, name in declared}
    for name, offset in found.items():
        if name not in names:
            sample.error(
                "example-defect-undeclared",
                offset,
                f"`&` stands in the text of `{name}` without being escaped",
                "if the page shows it like this, declare "
                f"`bare-ampersand: {{in: [{name}]}}` under `defects`",
            )
    offsets = tuple(each.offset for each in bare_ampersands(sample.text))
    return replace(sample, mended=offsets) if offsets else sample


def _report_absent_ampersand(
    sample: Sample, declared: DeclaredDefect, name: str
) -> None:
    sample.report.error(
        "example-defect-absent",
        declared.span,
        f"no bare `&` stands in the text of `{name}`",
        hint=f"remove `{name}` from `bare-ampersand`, or restore the document as the page shows it",
        related=[Related(sample.span(0), "the document starts here")],
    )


# Authentication


def _check_authentication(sample: Sample, members: Element) -> None:
    """Check that one alternative opens the request, and that it says what was typed in."""
    names = [field.name for field in sample.authentication_fields]
    if not names:
        return
    children = [*members.children, *sample.headers]
    opening = [child for child in children if child.name in names]
    for child in opening[1:]:
        if child.name != opening[0].name:
            _report_second_authentication(sample, child, opening[0])
    given = sample.document.authentication
    found = [child for child in opening if given and child.name == given.name]
    if given is not None and found:
        _compare_authentication(sample, found[0], given)
    elif given is not None or opening:
        _report_other_authentication(sample, given, opening[:1])
    elif not (sample.header_fields and Defect.MISSING_ENVELOPE in sample.found):
        sample.report.error(
            "example-authentication",
            sample.document.span,
            "the request has no authentication",
            hint="each request is opened by one of "
            + ", ".join(f"`{name}`" for name in names)
            + "; where none is documented, write `authentication: none`",
        )


def _compare_authentication(
    sample: Sample, element: Element, given: MemberValue
) -> None:
    for field in sample.authentication_fields:
        structure = sample.service.structure_of(field.type)
        if (
            field.name == given.name
            and structure is not None
            and isinstance(given.value, StructureValue)
        ):
            compare_members(sample, element, structure.fields, given.value)


def _report_second_authentication(
    sample: Sample, element: Element, first: Element
) -> None:
    sample.error(
        "example-authentication",
        element,
        f"`{element.name}` stands beside `{first.name}`, a request is opened by one of them",
        "keep the one that the page explains",
        Related(sample.span(first.offset), "the first one"),
    )


def _report_other_authentication(
    sample: Sample, given: MemberValue | None, opening: list[Element]
) -> None:
    typed = "no `auth` is given" if given is None else f"`{given.name}` is given"
    shown = f"`{opening[0].name}`" if opening else "none"
    sample.report.error(
        "example-authentication",
        sample.document.span if given is None else given.span,
        f"{typed} here, the document has {shown}",
        hint=_auth_hint(opening[0]) if opening and given is None else CORRECT,
        related=[
            Related(
                sample.span(opening[0].offset if opening else 0),
                "the document says it here",
            )
        ],
    )


def _auth_hint(element: Element) -> str:
    """Say how the values of an authentication are given; never what they are."""
    members = ", ".join(f"{child.name}: ..." for child in element.children)
    return f"add `auth: {{{element.name}: {{{members}}}}}`, with the values that the document shows"


# Building


def _check_build(sample: Sample) -> None:
    """Check that the request built from the typed values is the documented one."""
    protocol = sample.operation.protocol
    has_envelope = Defect.MISSING_ENVELOPE not in sample.found
    has_namespace = Defect.MISSING_NAMESPACE not in sample.found
    writer = RequestWriter(
        service=sample.service,
        protocol=protocol,
        envelope=sample.envelope if has_envelope else EnvelopeKind.NONE,
        namespace=protocol.namespace if has_namespace else "",
    )
    document = sample.document
    members = document.values.members
    if document.authentication is not None:
        members = (document.authentication, *members)
    values = replace(document.values, members=members)
    built = writer.write(sample.fields, values, sample.header_fields)
    difference = first_difference(built, mend(sample.text, sample.mended))
    if difference is not None:
        sample.report.error(
            "example-mismatch",
            sample.document.span,
            _sentence(difference, set(_secret_names(sample, sample.fields))),
            hint=_build_hint(difference),
            related=[Related(sample.span(0), "the document starts here")],
        )


def _build_hint(difference: Difference) -> str:
    if ' nil="' in difference.right:
        name = difference.element
        return f"give `{name}` the key `nil: kept`, or `absent: nil` where no value is written as nil"
    return (
        "clients write each value in one way, and no member that the service ignores: write it so in the "
        "document, and what the page shows into the `note` of the example's `source`"
    )


def _sentence(difference: Difference, secrets: set[str]) -> str:
    if not difference.left and difference.element not in secrets:
        return f"the document has `{difference.right}`, which the values would not be written as"
    if difference.element in secrets:
        return f"`{difference.element}` would be written otherwise than in the document"
    return f"the values would be written as `{difference.left}`, the document has `{difference.right}`"


def _secret_names(sample: Sample, fields: Iterable[Field]) -> Iterator[str]:
    """Yield the wire names of everything that is secret or stands in it."""
    waiting = [(field, False) for field in fields]
    seen: set[tuple[int, bool]] = set()
    while waiting:
        field, is_inside = waiting.pop()
        is_hidden = is_inside or field.is_secret
        if (id(field), is_hidden) in seen:
            continue
        seen.add((id(field), is_hidden))
        if is_hidden:
            yield field.name
        for kind in walk.types_in(field.type):
            if isinstance(kind, ListType) and is_hidden and kind.item is not None:
                yield kind.item
            if isinstance(kind, MixedListType):
                waiting += [(each, is_hidden) for each in kind.alternatives]
            structure = sample.service.structure_of(kind)
            if structure is not None:
                waiting += [(each, is_hidden) for each in structure.fields]


# The outcome


def _is_failure(outcome: Outcome, values: StructureValue) -> bool:
    success = _at(outcome.success, values)
    return success is not None and success.value is False


def _at(path: WirePath | None, values: StructureValue) -> AtomValue | None:
    """Return the value at the end of a path."""
    *holders, name = ("",) if path is None else path.names
    for holder in holders:
        inner = values.get(holder)
        if not isinstance(inner, StructureValue):
            return None
        values = inner
    value = values.get(name)
    return value if isinstance(value, AtomValue) else None


def _check_outcome(sample: Sample, outcome: Outcome) -> None:
    """Check that the catalogue of errors recognises a documented failure."""
    cases = list(_flat(sample.service.errors))
    values = sample.document.values
    code, message = _at(outcome.code, values), _at(outcome.message, values)
    if not any(case.messages for case in cases):
        return
    if code is not None:
        shown = write_text(code.value)
        cases = [case for case in cases if case.code == shown]
        if not cases:
            _report_unknown_code(sample, code, shown)
    patterns = [pattern for case in cases for pattern in case.messages]
    if message is None or not patterns:
        return
    if not any(_reads_like(pattern, write_text(message.value)) for pattern in patterns):
        # The message itself is not shown: its place is.
        sample.report.warning(
            "example-outcome",
            message.span,
            "no message in the catalogue of errors reads like this one",
            hint="add it to `messages` of its case under `errors` in service.yaml",
        )


def _report_unknown_code(sample: Sample, code: AtomValue, shown: str) -> None:
    known = {case.code for case in _flat(sample.service.errors)}
    sample.report.warning(
        "example-outcome",
        code.span,
        f"the code `{shown}` is not in the catalogue of errors",
        hint=did_you_mean(shown, known),
    )


def _flat(cases: Iterable[ErrorCase]) -> Iterator[ErrorCase]:
    for case in cases:
        yield case
        yield from _flat(case.cases)


def _reads_like(pattern: MessagePattern, message: str) -> bool:
    return consists_of(message.strip(), pattern.literals)
