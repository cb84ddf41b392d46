"""Which imports a module needs: found from what its views use, so that none is missing or idle."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from soapstone.model import Atom, Timestamp
from soapstone.naming import Code, Identifier
from soapstone.views import (
    CheckView,
    ClassView,
    ConditionView,
    ConstantView,
    EnumerationView,
    ImportView,
    ReaderView,
    ReadView,
    RuleGroupView,
    ValidatorView,
    WriterView,
    WriteView,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a module consists of."""

    enumerations: tuple[EnumerationView, ...]
    classes: tuple[ClassView, ...]
    validators: tuple[ValidatorView, ...]
    writers: tuple[WriterView, ...]
    readers: tuple[ReaderView, ...]
    patterns: tuple[ConstantView, ...]
    writes: tuple[WriteView, ...] = ()
    reads: tuple[ReadView, ...] = ()
    shared: Iterable[Identifier] = field(default=())


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def standard_imports(usage: Usage) -> tuple[Code, ...]:
    """Return the import statements of the standard library, in their usual order."""
    annotations = [
        view.annotation for each in usage.classes for view in each.attributes
    ]
    annotations += [view.annotation for view in usage.readers]
    values = list(_constants(usage))
    has_field = any(
        each.is_answer or any(view.is_secret for view in each.attributes)
        for each in usage.classes
    )
    statements = {
        "import datetime": _mentions(annotations, "datetime.")
        or any(isinstance(value, datetime.date) for value in values),
        "import re": bool(usage.patterns),
        "from collections.abc import Sequence": _mentions(annotations, "Sequence["),
        "from dataclasses import dataclass": bool(usage.classes) and not has_field,
        "from dataclasses import dataclass, field": has_field,
        "from decimal import Decimal": _mentions(annotations, "Decimal")
        or any(isinstance(value, Decimal) for value in values),
    }
    return tuple(
        Code(statement) for statement, is_needed in statements.items() if is_needed
    )


def reader_imports(
    readers: Iterable[ReaderView],
    conditions: Iterable[ConditionView],
    *,
    has_patterns: bool,
) -> tuple[Code, ...]:
    """Return the import statements of a module that reads requests and tells them apart."""
    annotations = [view.annotation for view in readers]
    constants = [value for each in conditions for value in _constants_in(each)]
    statements = {
        "import datetime": _mentions(annotations, "datetime.")
        or any(isinstance(value, datetime.date) for value in constants),
        "import re": has_patterns,
        "from decimal import Decimal": _mentions(annotations, "Decimal")
        or any(isinstance(value, Decimal) for value in constants),
    }
    return tuple(
        Code(statement) for statement, is_needed in statements.items() if is_needed
    )


def reader_modules(
    reads: Iterable[ReadView], conditions: Iterable[ConditionView]
) -> tuple[Identifier, ...]:
    """Return the modules of the runtime that such a module calls."""
    modules = {
        "conditions": any(map(_tests, conditions)),
        "reading": any(read.reader.startswith("reading.") for read in reads),
    }
    return tuple(Identifier(name) for name, is_needed in modules.items() if is_needed)


def names_in(*codes: Code) -> set[str]:
    """Return the names in some expressions."""
    return {name for code in codes for name in _NAME.findall(code)}


def names_in_readers(
    readers: Iterable[ReaderView], reads: Iterable[ReadView]
) -> set[str]:
    """Return the names in functions that read structures, and in what is read by them or beside them."""
    codes: list[Code] = []
    for reader in readers:
        codes += [reader.annotation, *filter(None, [reader.class_name])]
    for read in reads:
        codes += [read.reader, *(reader for _, reader in read.alternatives)]
    return names_in(*codes)


def runtime_modules(usage: Usage) -> tuple[Identifier, ...]:
    """Return the modules of the runtime whose functions the module calls."""
    writes = [
        *usage.writes,
        *(write for each in usage.writers for write in each.writes),
    ]
    reads = [*usage.reads, *(read for each in usage.readers for read in each.reads)]
    modules = {
        "checks": any(each.checks or each.rules for each in usage.validators),
        "conditions": any(_tests(group.condition) for group in _rules(usage)),
        "reading": any(read.reader.startswith("reading.") for read in reads),
        "writing": any(_writes_atoms(write) for write in writes),
    }
    return tuple(Identifier(name) for name, is_needed in modules.items() if is_needed)


def runtime_imports(usage: Usage) -> tuple[ImportView, ...]:
    """Return the imports of classes of the runtime that annotations, classes and literals name."""
    annotations = [
        view.annotation for each in usage.classes for view in each.attributes
    ]
    imports = (
        import_view(
            "._runtime.enumeration", ["Enumeration"] * bool(usage.enumerations)
        ),
        import_view(
            "._runtime.items",
            ["as_items"] * any(each.lists for each in usage.classes),
        ),
        import_view("._runtime.nil", ["Nil"] if _mentions(annotations, "Nil") else []),
        import_view(
            "._runtime.timestamp", ["Timestamp"] if _has_timestamp(usage) else []
        ),
    )
    return tuple(each for each in imports if each.names)


def import_view(module: str, names: Iterable[str]) -> ImportView:
    """Return an import with its names in the usual order: constants, classes, functions."""
    return ImportView(
        module=Code(module),
        names=tuple(Identifier(name) for name in sorted(set(names), key=_order)),
    )


def in_order(imports: Iterable[ImportView]) -> tuple[ImportView, ...]:
    """Return relative imports in their usual order: the farthest package first, then by name."""
    return tuple(
        sorted(
            imports,
            key=lambda each: (-_dots(each.module), each.module.lstrip(".").lower()),
        )
    )


def _dots(module: Code) -> int:
    return len(module) - len(module.lstrip("."))


def _order(name: str) -> tuple[int, str]:
    if name.isupper():
        return 0, name
    return (1 if name[0].isupper() else 2), name


def _mentions(annotations: list[Code], word: str) -> bool:
    return any(word in annotation for annotation in annotations)


def _has_timestamp(usage: Usage) -> bool:
    return any(isinstance(value, Timestamp) for value in _constants(usage))


def _constants(usage: Usage) -> Iterator[Atom]:
    """Yield the literal values in constraints."""
    for validator in usage.validators:
        for check in validator.checks:
            yield from _constants_of(check)

    for group in _rules(usage):
        if group.condition is not None:
            yield from _constants_in(group.condition)
        for rule in group.rules:
            for member in rule.members:
                yield from member.values


def _rules(usage: Usage) -> Iterator[RuleGroupView]:
    return (group for validator in usage.validators for group in validator.rules)


def _tests(condition: ConditionView | None) -> bool:
    """Whether a condition calls a test of the runtime."""
    return condition is not None and (
        condition.function is not None or any(map(_tests, condition.conditions))
    )


def _constants_in(condition: ConditionView) -> Iterator[Atom]:
    yield from condition.values
    for each in condition.conditions:
        yield from _constants_in(each)


def _constants_of(check: CheckView) -> Iterator[Atom]:
    for constraint in check.constraints:
        for value in constraint.positional:
            yield from value if isinstance(value, tuple) else (value,)
    if check.items is not None:
        yield from _constants_of(check.items.check)


def _writes_atoms(write: WriteView) -> bool:
    return write.function is not None or (
        write.items is not None and any(map(_writes_atoms, write.items.writes))
    )
