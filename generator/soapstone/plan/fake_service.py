"""`testing`: what the fake service shares between its operations, and the fake itself."""

from __future__ import annotations

from collections.abc import Sequence

from soapstone import naming
from soapstone.model import Service
from soapstone.naming import Code, Identifier
from soapstone.plan import text
from soapstone.plan.imports import (
    import_view,
    in_order,
    names_in_readers,
    reader_imports,
    reader_modules,
)
from soapstone.plan.interfaces import Interface
from soapstone.plan.names import Names
from soapstone.plan.request_reads import plan_shared_reads, shared_reader
from soapstone.plan.shared import (
    alternatives,
    authentication_annotation,
    authentication_classes,
)
from soapstone.views import (
    Docstring,
    FakeServiceView,
    ReadAlternativeView,
    Section,
    SharedReadersView,
)


def plan_shared_readers(service: Service, names: Names) -> SharedReadersView | None:
    """Plan the module of the readers that operations share; None where they share nothing."""
    readers, needed = plan_shared_reads(service, names)
    if not readers:
        return None
    annotation = authentication_annotation(service.authentication)
    reads = [read for each in readers for read in each.reads]
    classes = names_in_readers(readers, reads) & set(names.classes)
    classes |= {str(name) for name in needed if str(name)[0].isupper()}
    classes |= set(map(str, authentication_classes(service.authentication)))
    imports = (
        import_view(".._runtime", reader_modules(reads, ())),
        import_view(".._runtime.answer", ["Members"]),
        import_view("..types", classes),
    )
    return SharedReadersView(
        imports=in_order(each for each in imports if each.names),
        standard_imports=reader_imports(readers, (), has_patterns=False),
        annotation=annotation,
        alternatives=tuple(
            ReadAlternativeView(wire_name=each.name, reader=shared_reader(each))
            for each in alternatives(service)
        ),
        readers=readers,
    )


def plan_fake_service(
    service: Service, interfaces: Sequence[Interface]
) -> FakeServiceView:
    """Plan the modules of the fake itself."""
    entries = tuple(
        (each.name, text.sentence(each.doc or f"Texts of `{each.name}`."))
        for each in service.memory
    )
    sections = (Section(title="Attributes", entries=entries),) if entries else ()
    package = naming.snake_case(service.name)
    return FakeServiceView(
        doc=Docstring(summary=f"A fake of the {service.title} to test against."),
        main_doc=Docstring(
            summary=f"Serves the fake over HTTP: `python -m {package}.testing --port 8080`."
        ),
        fixtures_doc=Docstring(
            summary="The fake as a fixture of pytest.",
            paragraphs=(
                f'In a `conftest.py`: `pytest_plugins = ["{package}.testing.fixtures"]`.',
            ),
        ),
        annotation=authentication_annotation(service.authentication) or Code("None"),
        imports=in_order(
            import_view(module, names)
            for module, names in (
                (".._runtime.fakes.service", ["BaseFakeService"]),
                ("..client", ["SERVICE"]),
                ("..types", authentication_classes(service.authentication)),
                (".answers", [view.module for view in interfaces]),
                (".memory", ["ServiceMemory"]),
            )
            if names
        ),
        memories=tuple(Identifier(each.name) for each in service.memory),
        memory_doc=Docstring(
            summary="What the service keeps between calls.", sections=sections
        ),
        modules=tuple(view.module for view in interfaces),
        fixture=Identifier(f"fake_{package}"),
    )
