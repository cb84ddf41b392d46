"""Third stage: what the model can contradict, rule by rule.

A rule is a function of the service that reports what it finds; it knows neither the other rules nor
what the earlier stages found. What follows from their findings, and what a spec allows, is taken
out afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace
from typing import TypeAlias

from soapstone.diagnostics import Diagnostic, Report
from soapstone.lint.allowances import without_allowed
from soapstone.lint.answers import (
    answers_are_there,
    answers_ask_for_members,
    answers_count_texts,
    answers_suit_their_requests,
)
from soapstone.lint.completeness import (
    examples_are_there,
    examples_have_documents,
    examples_have_own_titles,
    operations_are_there,
    texts_are_there,
)
from soapstone.lint.consequences import without_consequences
from soapstone.lint.constraints import (
    allowed_values_agree,
    allowed_values_differ,
    constraints_have_effect,
    lengths_suit_patterns,
    lists_can_be_filled,
    pattern_samples_agree,
    patterns_are_fast,
    patterns_are_not_anchored,
    patterns_are_valid,
    patterns_fit_lengths,
    ranges_hold_values,
    values_are_known,
)
from soapstone.lint.enumerations import (
    enumeration_values_differ,
    enumerations_offer_a_choice,
    texts_can_be_carried,
)
from soapstone.lint.errors import (
    braces_are_placeholders,
    codes_are_distinct,
    data_have_names,
    messages_are_distinct,
    messages_can_match,
    placeholders_fit_data,
)
from soapstone.lint.examples import check_examples
from soapstone.lint.forms import (
    forms_suit_types,
    states_can_be_told,
    states_have_effect,
    texts_stand_alone,
)
from soapstone.lint.members import (
    conditions_fit_presence,
    constants_are_possible,
    constants_are_written,
    constants_stand_alone,
    secrets_are_texts,
)
from soapstone.lint.memory import (
    memories_are_known,
    memories_are_used,
    memories_have_names,
)
from soapstone.lint.names import (
    headings_differ,
    members_are_distinct,
    operations_are_distinct,
    wire_names_are_valid,
)
from soapstone.lint.occasions import (
    occasions_are_distinct,
    occasions_can_arise,
    occasions_can_be_answered,
)
from soapstone.lint.outcome import (
    catalogue_can_be_told,
    outcome_is_certain,
    outcome_is_typed,
    outcome_leads_somewhere,
)
from soapstone.lint.protocol import (
    endpoints_are_urls,
    headers_have_envelopes,
    namespaces_are_uris,
    placeholders_are_known,
    soap_actions_are_header_values,
)
from soapstone.lint.provenance import (
    citations_lead_to_pages,
    pages_are_cited,
    pages_can_be_found,
)
from soapstone.lint.relations import (
    relations_compare_with_values,
    relations_name_members_once,
    relations_need_freedom,
    relations_refer_to_members,
)
from soapstone.lint.satisfaction import (
    conditions_can_go_either_way,
    relations_can_be_met,
)
from soapstone.lint.sessions import (
    sessions_are_alternatives,
    sessions_are_complete,
    sessions_come_with_answers,
)
from soapstone.lint.sizes import sizes_are_bounded
from soapstone.lint.texts import texts_are_readable, texts_say_something
from soapstone.lint.types import (
    alternatives_are_several,
    lists_can_be_told_apart,
    recursion_ends,
    type_names_suit_classes,
    types_are_known,
    types_are_used,
    uses_differ,
)
from soapstone.model import Service
from soapstone.workers import ALONE, Workers

RuleFunction: TypeAlias = Callable[[Service, Report], None]

RULES: tuple[RuleFunction, ...] = (
    sizes_are_bounded,
    operations_are_there,
    operations_are_distinct,
    headings_differ,
    wire_names_are_valid,
    members_are_distinct,
    types_are_known,
    types_are_used,
    type_names_suit_classes,
    recursion_ends,
    lists_can_be_told_apart,
    alternatives_are_several,
    uses_differ,
    enumeration_values_differ,
    enumerations_offer_a_choice,
    texts_can_be_carried,
    conditions_fit_presence,
    secrets_are_texts,
    constants_stand_alone,
    constants_are_possible,
    constants_are_written,
    forms_suit_types,
    texts_stand_alone,
    states_can_be_told,
    states_have_effect,
    ranges_hold_values,
    constraints_have_effect,
    patterns_are_valid,
    patterns_are_not_anchored,
    patterns_are_fast,
    lengths_suit_patterns,
    patterns_fit_lengths,
    pattern_samples_agree,
    values_are_known,
    allowed_values_differ,
    allowed_values_agree,
    relations_refer_to_members,
    relations_name_members_once,
    relations_need_freedom,
    relations_compare_with_values,
    conditions_can_go_either_way,
    relations_can_be_met,
    endpoints_are_urls,
    namespaces_are_uris,
    soap_actions_are_header_values,
    placeholders_are_known,
    headers_have_envelopes,
    sessions_are_alternatives,
    sessions_are_complete,
    sessions_come_with_answers,
    outcome_leads_somewhere,
    outcome_is_typed,
    outcome_is_certain,
    catalogue_can_be_told,
    codes_are_distinct,
    data_have_names,
    placeholders_fit_data,
    braces_are_placeholders,
    messages_can_match,
    messages_are_distinct,
    occasions_are_distinct,
    occasions_can_be_answered,
    occasions_can_arise,
    memories_have_names,
    memories_are_known,
    memories_are_used,
    citations_lead_to_pages,
    pages_are_cited,
    pages_can_be_found,
    texts_say_something,
    texts_are_readable,
    texts_are_there,
    examples_have_own_titles,
    examples_have_documents,
    examples_are_there,
    answers_are_there,
    answers_ask_for_members,
    answers_count_texts,
    answers_suit_their_requests,
    lists_can_be_filled,
    check_examples,
)


# What takes long, and looks at one operation at a time.
_COSTLY = (
    check_examples,
    values_are_known,
    pattern_samples_agree,
    patterns_are_fast,
    patterns_fit_lengths,
    texts_are_readable,
)
# What only makes sense where the rules before it found nothing, and has to wait for them.
_PATIENT = (lists_can_be_filled,)
# So many operations are worth a process.
_AT_ONCE = 25


def lint(
    service: Service,
    report: Report,
    workers: Workers = ALONE,
    sound: Container[str] = (),
) -> bool:
    """Apply every rule to a service; findings go to the report.

    The report already holds what the earlier stages found: what they took out of the service is
    not missed a second time.

    Args:
        service: The service.
        report: Receives the diagnostics.
        workers: They share the operations.
        sound: Paths of operations about which nothing was found before, as they are.

    Returns:
        Whether the service is small enough for the other rules, and for what comes after them.
    """
    found = Report()
    sizes_are_bounded(service, found)
    is_bounded = not found.has_errors
    if is_bounded:
        _apply(service, found, workers, sound)
    lasting = without_consequences(found.diagnostics, service, report)
    is_whole = is_bounded and not report.has_errors
    for diagnostic in without_allowed(lasting, service, is_whole=is_whole):
        report.add(diagnostic)
    return is_bounded


def _apply(
    service: Service,
    found: Report,
    workers: Workers,
    sound: Container[str],
) -> None:
    """Report what all rules find, one after the other, with the costly ones in other processes."""
    findings: dict[RuleFunction, list[Diagnostic]] = {rule: [] for rule in RULES}

    def apply_others() -> None:
        for rule in RULES:
            if rule not in _COSTLY + _PATIENT:
                findings[rule] += _found(rule, service)

    operations = [each for each in service.operations if each.path not in sound]
    # What is said of the service itself is looked at with any operation, or with none.
    starts = range(0, len(operations), _AT_ONCE) or [0]
    groups = [
        replace(service, operations=tuple(operations[start : start + _AT_ONCE]))
        for start in starts
    ]
    for results in workers.map(
        _of_group,
        groups,
        "checking specs",
        few=2,
        meanwhile=apply_others,
    ):
        for costly, diagnostics in zip(_COSTLY, results, strict=True):
            findings[costly] += diagnostics
    for rule in RULES:
        for diagnostic in findings[rule]:
            found.add(diagnostic)
        if rule in _PATIENT:
            rule(service, found)


def _of_group(service: Service) -> list[tuple[Diagnostic, ...]]:
    return [_found(rule, service) for rule in _COSTLY]


def _found(rule: RuleFunction, service: Service) -> tuple[Diagnostic, ...]:
    report = Report()
    rule(service, report)
    return report.diagnostics
