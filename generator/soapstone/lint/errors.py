"""The catalogue of failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from soapstone import naming
from soapstone.diagnostics import Related, Report, did_you_mean
from soapstone.lint import walk
from soapstone.lint.evaluation import consists_of
from soapstone.model import Datum, ErrorCase, MessagePattern, Service

# What every exception of a package has already, beside what those of Python have.
_TAKEN = frozenset(
    {"code", "description", "message", "operation", "response", "self", "super"}
)

# Stands for a value in a message; a private character, so that no literal holds it.
_VALUE = "\ue000"


def codes_are_distinct(service: Service, report: Report) -> None:
    """A code stands for one failure; its cases are told apart by their messages."""
    first: dict[str, ErrorCase] = {}
    for error in service.errors:
        other = first.setdefault(error.code, error)
        if error.code != error.code.strip() or not error.code:
            report.error(
                "error-code-invalid",
                error.span,
                f"`{error.code}` cannot be the code of `{error.name}`",
                hint="write the code as the service sends it, without blanks around it",
            )
        elif other is not error:
            report.error(
                "error-code-duplicate",
                error.span,
                f"code `{error.code}` stands for `{other.name}` already",
                hint=f"make it one of the `cases` of `{other.name}`, told apart by its messages",
                related=[Related(other.span, "the other failure")],
            )


def data_have_names(service: Service, report: Report) -> None:
    """What an error carries can be an attribute of its exception."""
    for case in walk.error_cases(service.errors):
        for datum in case.data:
            problem = _name_problem(datum.name)
            if problem:
                report.error(
                    "error-datum-name",
                    datum.span,
                    f"`{datum.name}` cannot be an attribute of an exception: {problem}",
                    hint="choose another name in small letters, such as `tns`",
                )


def placeholders_fit_data(service: Service, report: Report) -> None:
    """Each message carries each value of `data` once, and nothing else."""
    for case in walk.error_cases(service.errors):
        for message in case.messages:
            for sentence, hint in _misfits(case, message):
                report.error(
                    "error-message-placeholder", message.span, sentence, hint=hint
                )
        if not case.messages:
            for datum in case.data:
                report.error(
                    "error-message-placeholder",
                    datum.span,
                    f"no message carries `{datum.name}`",
                    hint="add the documented message to `messages`, or remove the value",
                )


def braces_are_placeholders(service: Service, report: Report) -> None:
    """A brace that opens no placeholder is most likely a slip."""
    for case in walk.error_cases(service.errors):
        for message in case.messages:
            if any("{" in literal or "}" in literal for literal in message.literals):
                report.warning(
                    "error-message-brace",
                    message.span,
                    f"a brace in `{_shown(message)}` is taken as it is",
                    hint="write a placeholder as `{name}`, with letters, digits and `_` only",
                )


def messages_can_match(service: Service, report: Report) -> None:
    """Something a service sends is recognised by each message."""
    for case in walk.error_cases(service.errors):
        for message in case.messages:
            text = _shown(message)
            if text != text.strip() or not text:
                report.error(
                    "error-message-unmatchable",
                    message.span,
                    (
                        f"no answer matches `{text}`: white space around a message is taken off"
                        if text.strip()
                        else "an empty message tells no failure"
                    ),
                    hint="write the documented text, without white space around it",
                )


def messages_are_distinct(service: Service, report: Report) -> None:
    """No message takes the texts of another one that is tried later."""
    for error in service.errors:
        earlier: list[tuple[ErrorCase, MessagePattern]] = []
        for case in walk.error_cases((error,)):
            for message in case.messages:
                # What is wrong with a message itself makes it wider or narrower than it was meant.
                if not any(_misfits(case, message)):
                    _check_message(message, earlier, report)
                    earlier.append((case, message))


def _check_message(
    message: MessagePattern,
    earlier: list[tuple[ErrorCase, MessagePattern]],
    report: Report,
) -> None:
    for other_case, other in earlier:
        if _takes(other, message):
            report.error(
                "error-message-duplicate",
                message.span,
                f"a text like `{_shown(message)}` matches a message of `{other_case.name}` that is tried first",
                hint="move the narrower of the two up, or remove one of them",
                related=[Related(other.span, "the message that is tried first")],
            )
            return


def _name_problem(name: str) -> str:
    if name in _TAKEN or hasattr(Exception, name):
        return "every exception has one of this name already"
    if name.startswith("_") or not naming.is_identifier(name):
        return "it is not an identifier of Python that others may use"
    return ""


def _misfits(case: ErrorCase, message: MessagePattern) -> Iterator[tuple[str, str]]:
    data = {datum.name: datum for datum in case.data}
    repeated = Counter(message.names)
    for name in dict.fromkeys(message.names):
        if name not in data:
            add = f"add `data: {{{name}: {{}}}}` to the failure"
            near = did_you_mean(name, data) or add
            yield f"`{{{name}}}` is no value of `data`", near
        if repeated[name] > 1:
            yield f"`{{{name}}}` stands in the message twice", "name each value once"
    for name in data:
        if name not in message.names:
            yield (
                f"the message does not carry `{name}`",
                f"write `{{{name}}}` where the value stands, or make the message a case of its own",
            )
    if any(not literal for literal in message.literals[1:-1]):
        yield (
            "two values stand side by side, so nobody can tell where one ends",
            "write the text that stands between them",
        )
    yield from _split_misfits(message, data)


def _split_misfits(
    message: MessagePattern, data: dict[str, Datum]
) -> Iterator[tuple[str, str]]:
    for name in message.separators:
        if name not in data:
            yield f"`split` names `{name}`, which is no value", did_you_mean(name, data)
        elif not data[name].is_list:
            yield (
                f"`{name}` is split but is no list",
                f"add `list: true` to `{name}` in `data`",
            )


def _shown(message: MessagePattern) -> str:
    names = [f"{{{name}}}" for name in message.names]
    return "".join(_interleaved(message, names))


def _takes(first: MessagePattern, second: MessagePattern) -> bool:
    """Whether a pattern matches the texts of another one, whatever their values are."""
    return consists_of(
        "".join(_interleaved(second, [_VALUE] * len(second.names))), first.literals
    )


def _interleaved(message: MessagePattern, values: list[str]) -> Iterator[str]:
    for literal, value in zip(message.literals, [*values, ""], strict=True):
        yield literal
        yield value
