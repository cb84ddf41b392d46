"""The names of operations: a module each, with a class for the request and one for the answer."""

from __future__ import annotations

from soapstone import naming
from soapstone.diagnostics import Related
from soapstone.model import Operation
from soapstone.naming import Identifier, is_wire_name
from soapstone.plan.names import Names


def name_operations(
    operations: tuple[Operation, ...], names: Names
) -> dict[str, Identifier]:
    """Return the module of each operation by its path; one without a good name is left out."""
    namer = _Namer(operations, names)
    found: dict[str, Identifier] = {}
    for operation in operations:
        module = namer.module(operation)
        if module is not None:
            found[operation.path] = module
    return found


class _Namer:
    """Hands out modules, each once."""

    def __init__(self, operations: tuple[Operation, ...], names: Names) -> None:
        self._names = names
        self._stems = [each.stem for each in operations]
        self._owners: dict[str, Operation] = {}

    def module(self, operation: Operation) -> Identifier | None:
        """Return the module of an operation, or report why it gets none."""
        name = naming.module_name(operation.name, operation.python_name)
        if name is None:
            self._report_unusable(operation)
            return None
        # On some file systems capitals and small letters are the same.
        owner = self._owners.setdefault(name.lower(), operation)
        if owner is not operation:
            self._report_module(operation, owner, name)
            return None
        classes = _classes(operation.stem)
        taken = next((each for each in classes if each in self._names.classes), None)
        if taken is not None:
            self._report_class(operation, taken)
            return None
        self._names.classes |= dict.fromkeys(classes, operation.span)
        return name

    def _is_free(self, name: str) -> bool:
        """Whether an operation can have a name, whatever the others are."""
        classes = _classes(name)
        others = {each for stem in self._stems for each in _classes(stem)}
        return naming.module_name("", name) is not None and all(
            each not in others and self._names.is_free(each) for each in classes
        )

    def _report_unusable(self, operation: Operation) -> None:
        # A name that XML does not take is another mistake, which lint reports.
        if not is_wire_name(operation.name):
            return
        stem = operation.stem
        name = operation.python_name or naming.snake_case(stem)
        reason = naming.module_problem(name) if name else naming.NOT_TOLD
        is_reserved = name.lower() in naming.RESERVED_MODULES
        suggested = naming.suggest(stem, "operation", self._is_free)
        self._names.offer(*_classes(suggested))
        self._names.report.error(
            "python-name-collision" if is_reserved else "python-name-invalid",
            operation.span,
            f"no module can be named after `{stem}`: {reason or naming.NOT_TOLD}",
            hint=f"give the operation a name of your own: `name: {suggested}`",
        )

    def _report_module(self, operation: Operation, owner: Operation, name: str) -> None:
        # Two files about one operation are another mistake, which lint reports.
        if operation.name != owner.name:
            self._report_collision(
                operation,
                f"two operations would both be the module `{name}`",
                Related(owner.span, "the other one"),
            )

    def _report_class(self, operation: Operation, taken: str) -> None:
        self._report_collision(
            operation,
            f"the package has a class `{taken}` already",
            Related(self._names.classes[taken], "the other one"),
        )

    def _report_collision(
        self, operation: Operation, sentence: str, other: Related
    ) -> None:
        suggested = naming.suggest_number(
            naming.suggest(operation.stem, "operation", lambda _: True), self._is_free
        )
        self._names.offer(*_classes(suggested))
        self._names.report.error(
            "python-name-collision",
            operation.span,
            sentence,
            hint=f"give one of them another name: `name: {suggested}`, or better a word that tells them apart",
            related=[other],
        )


def _classes(stem: str) -> tuple[str, str]:
    name = naming.class_spelling(stem)
    return f"{name}Request", f"{name}Response"
