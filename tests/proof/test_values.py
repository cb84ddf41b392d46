"""What is sent is what was given, to the last digit; and what is wrong is reported, not sent."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proof_answers import tree
from proof_effort import thorough
from proof_packages import Subject, subjects
from proof_requests import Requests
from proof_sent import Expected, SentReader

from figures import Figure
from soapstone.model import (
    AuthenticationPlace,
    EnvelopeKind,
    MemberValue,
    NamedStructure,
    Structure,
    StructureValue,
)
from soapstone.plan.values import ValuePlanner
from soapstone.samples.validation import violated

SUBJECTS = subjects()
EACH_OPERATION = pytest.mark.parametrize("subject", SUBJECTS, ids=str)


class Sender:
    """Builds the requests of an operation, as callers do."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.requests = Requests(subject.service)
        self._envelopes = import_module(f"{subject.runtime}.envelope").Envelope
        self._paths = ValuePlanner(service=subject.service)

    @property
    def alternatives(self) -> tuple[NamedStructure, ...]:
        """What may open a request; one without members where nothing does."""
        taken = self.subject.operation.authentication
        return () if taken is None else taken.alternatives

    def envelopes(self) -> list[EnvelopeKind | None]:
        """Return the envelopes that can be asked for; None for the documented one."""
        taken = self.subject.operation.authentication
        has_header = taken is not None and taken.place is AuthenticationPlace.HEADER
        return [
            None,
            *(
                each
                for each in EnvelopeKind
                if not (has_header and each is EnvelopeKind.NONE)
            ),
        ]

    def openings(
        self, values: Callable[[Structure], st.SearchStrategy[StructureValue]]
    ) -> st.SearchStrategy[MemberValue | None]:
        """Return what may open a request, its members made by a function."""

        def opening(alternative: NamedStructure) -> st.SearchStrategy[MemberValue]:
            return values(alternative.structure).map(
                lambda value: MemberValue(
                    name=alternative.name, value=value, span=alternative.span
                )
            )

        if not self.alternatives:
            return st.none()
        return st.one_of(*map(opening, self.alternatives))

    def build(
        self,
        request: object,
        opening: MemberValue | None,
        envelope: EnvelopeKind | None,
    ) -> bytes:
        """Return the document."""
        chosen = None if envelope is None else self._envelopes(envelope.value)
        arguments: list[object] = [request]
        for alternative in self.alternatives:
            if opening is not None and alternative.name == opening.name:
                makes = self.subject.makes
                arguments.append(makes.authentication(alternative, opening))
        document = self.subject.module.build_request(*arguments, envelope=chosen)
        assert type(document) is bytes
        return document

    def broken(self, value: StructureValue) -> list[tuple[str, str]]:
        """Return the places and rules that a request breaks, by the model alone."""
        return self._broken(self.subject.operation.request, value)

    def broken_opening(self, opening: MemberValue | None) -> list[tuple[str, str]]:
        """Return the places and rules that what opens a request breaks."""
        return [
            (f"auth.{place}", rule)
            for alternative in self.alternatives
            if opening is not None and alternative.name == opening.name
            if isinstance(opening.value, StructureValue)
            for place, rule in self._broken(alternative.structure, opening.value)
        ]

    def _broken(
        self, structure: Structure, value: StructureValue
    ) -> list[tuple[str, str]]:
        return [
            (self._paths.path(structure, steps), rule)
            for steps, rule in violated(self.subject.service, structure, value)
        ]


def check_document(
    sender: Sender,
    value: StructureValue,
    opening: MemberValue | None,
    envelope: EnvelopeKind | None,
) -> None:
    """Build a request, which says to lxml exactly what was put into it."""
    subject = sender.subject
    document = sender.build(subject.request(value), opening, envelope)
    assert document.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    document.decode("utf-8")
    expected = Expected(subject.service)
    reader = SentReader(subject.service, subject.operation)
    opened, said = reader.read(
        tree(document),
        envelope or subject.operation.protocol.envelope,
        "" if opening is None else opening.name,
    )
    assert said == expected.structure(subject.operation.request, value)
    for alternative in sender.alternatives:
        if opening is not None and alternative.name == opening.name:
            assert isinstance(opening.value, StructureValue)
            assert opened == expected.structure(alternative.structure, opening.value)


@EACH_OPERATION
def test_a_valid_request_says_what_was_put_into_it(
    subject: Subject, figure: Figure
) -> None:
    """From the bytes of any valid request lxml reads exactly its values, in their order, and nothing else."""
    sender = Sender(subject)
    count = 0

    @thorough(60)
    @given(
        sender.requests.valid(subject.operation.request),
        sender.openings(sender.requests.valid),
        st.sampled_from(sender.envelopes()),
    )
    def check(
        value: StructureValue,
        opening: MemberValue | None,
        envelope: EnvelopeKind | None,
    ) -> None:
        nonlocal count
        count += 1
        assert sender.broken(value) == []
        assert subject.module.validate(subject.request(value)) == []
        check_document(sender, value, opening, envelope)

    check()
    figure("valid requests, read back by lxml", count)


@EACH_OPERATION
def test_an_invalid_request_is_reported_and_not_sent(
    subject: Subject, figure: Figure
) -> None:
    """Whatever is wrong is reported in its place by its rule, all of it, and no bytes come of it."""
    sender = Sender(subject)
    count = 0

    @thorough(60)
    @given(
        sender.requests.broken(subject.operation.request),
        st.one_of(
            sender.openings(sender.requests.valid),
            sender.openings(sender.requests.broken),
        ),
    )
    def check(value: StructureValue, opening: MemberValue | None) -> None:
        nonlocal count
        request = subject.request(value)
        found = subject.module.validate(request)
        assert [(each.path, each.rule) for each in found] == sender.broken(value)
        expected = [*sender.broken_opening(opening), *sender.broken(value)]
        if not expected:
            check_document(sender, value, opening, None)
            return
        count += 1
        with pytest.raises(subject.errors.ValidationError) as caught:
            sender.build(request, opening, None)
        violations = caught.value.violations
        assert [(each.path, each.rule) for each in violations] == expected
        assert all(str(each) in str(caught.value) for each in violations)

    check()
    figure("requests with wrong values", count)
