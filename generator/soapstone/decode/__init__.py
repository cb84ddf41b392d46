"""Second stage: located nodes to the model.

The nodes are checked against the JSON Schemas that editors use (`schema`); what passes becomes the
model, each scalar read as the type that is expected where it stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from soapstone.decode import nodes
from soapstone.decode.citations import decode_citation
from soapstone.decode.errors import decode_errors
from soapstone.decode.operation import (
    Shared,
    decode_allowances,
    decode_operation,
    decode_protocol,
)
from soapstone.decode.schema import check
from soapstone.decode.structure import StructureDecoder
from soapstone.diagnostics import Diagnostic, Report, Span
from soapstone.folders import SERVICE_FILE
from soapstone.model import (
    Authentication,
    AuthenticationPlace,
    Memory,
    Operation,
    Outcome,
    Page,
    Service,
    SessionSource,
    WirePath,
)
from soapstone.naming import is_file_name
from soapstone.source import (
    Mapping,
    Node,
    Scalar,
    inside,
    parse_content,
    read_content,
)
from soapstone.workers import ALONE, Workers, nothing


def decode_service(
    folder: Path,
    shown_folder: str,
    report: Report,
    workers: Workers = ALONE,
    accepted: Collection[str] = (),
    *,
    meanwhile: Callable[[], object] = nothing,
) -> Service | None:
    """Read the specs of one service; trouble goes to the report.

    Args:
        folder: The folder with `service.yaml` and a file for each operation.
        shown_folder: The same as spans show it.
        report: Receives the diagnostics.
        workers: They share the files of the operations.
        accepted: Digests of contents that the schema for operations has accepted before.
        meanwhile: Is called while others read.

    Returns:
        Whatever could be read, or None when `service.yaml` is no mapping. A service that was
        reported on is good for further checks, not for generating.
    """
    shown = f"{shown_folder}/{SERVICE_FILE}"
    root = _read_service(folder, shown, report)
    if root is None:
        return None
    decoder = StructureDecoder(root.get("types"), report)
    shared = Shared(
        folder=folder,
        shown_folder=shown_folder,
        protocol=_service_protocol(root, report),
        request=decoder.fields(root.get("request")),
        response=decoder.fields(root.get("response")),
        authentication=_decode_authentication(root.get("authentication"), decoder),
        outcome=_decode_outcome(root.get("outcome")),
        decoder=decoder,
    )
    named = _named(root, shown)
    return Service(
        name=named.text,
        title=nodes.text(root.get("title")),
        summary=nodes.text(root.get("summary")),
        path=f"{folder.resolve().name}/{SERVICE_FILE}",
        pages=_decode_pages(root.get("pages")),
        protocol=decode_protocol(
            None, shared.protocol, Scalar("", root.span, start=root.span)
        ),
        authentication=shared.authentication,
        outcome=shared.outcome,
        types=decoder.structures(),
        enumerations=decoder.enumerations(),
        errors=decode_errors(root.get("errors")),
        operations=_decode_operations(shared, accepted, report, workers, meanwhile),
        memory=_decode_memory(root.get("memory")),
        allowances=decode_allowances(root.get("allow")),
        span=named.span,
    )


def _read_service(folder: Path, shown: str, report: Report) -> Mapping | None:
    if not is_file_name(folder.resolve().name):
        report.error(
            "source-file-name",
            Span(shown),
            "the name of the service's folder has other characters than letters, digits, `_`, `-` and `.`",
            hint="rename the folder after the service, for example `revio`",
        )
        return None
    content = _read_inside(folder / SERVICE_FILE, folder, shown, report)
    root = None if content is None else parse_content(content, shown, report)
    return None if root is None else check(root, "service", report)


def _named(root: Mapping, shown: str) -> Scalar:
    name = root.get("service")
    return (
        name if isinstance(name, Scalar) else Scalar("", Span(shown), start=Span(shown))
    )


def _decode_operations(
    shared: Shared,
    accepted: Collection[str],
    report: Report,
    workers: Workers,
    meanwhile: Callable[[], object],
) -> tuple[Operation, ...]:
    paths = [
        path
        for path in sorted(shared.folder.glob("*.yaml"))
        if path.name != SERVICE_FILE and _has_plain_name(path, shared, report)
    ]
    found: list[Operation] = []
    for operation, diagnostics in workers.map(
        partial(_decode_file, shared, accepted),
        paths,
        "reading specs",
        meanwhile=meanwhile,
    ):
        for diagnostic in diagnostics:
            report.add(diagnostic)
        if operation is not None:
            found.append(shared.adopted(operation))
    return tuple(found)


def _decode_file(
    shared: Shared, accepted: Collection[str], path: Path
) -> tuple[Operation | None, tuple[Diagnostic, ...]]:
    report = Report()
    operation = None
    shown = f"{shared.shown_folder}/{path.name}"
    content = _read_inside(path, shared.folder, shown, report)
    root = None if content is None else parse_content(content, shown, report)
    if content is None or root is None:
        return None, report.diagnostics
    if hashlib.sha256(content).hexdigest() not in accepted:
        root = check(root, "operation", report)
    if root is not None:
        place = f"{shared.folder.resolve().name}/{path.name}"
        operation = decode_operation(root, place, shared.reporting(report), report)
    return operation, report.diagnostics


def _read_inside(path: Path, folder: Path, shown: str, report: Report) -> bytes | None:
    if inside(path, folder) is not None:
        return read_content(path, shown, report)
    report.error(
        "source-file-name",
        Span(shown),
        "the name of a spec is a link that leads out of the service's folder",
        hint="put the file itself there",
    )
    return None


def _has_plain_name(path: Path, shared: Shared, report: Report) -> bool:
    is_plain = is_file_name(path.name)
    if not is_plain:
        shown = path.name.encode("ascii", "backslashreplace").decode()
        report.error(
            "source-file-name",
            Span(f"{shared.shown_folder}/{shown}"),
            "the name of a spec has other characters than letters, digits, `_`, `-` and `.`",
            hint="rename the file after the operation, for example `sms_send.yaml`",
        )
    return is_plain


def _service_protocol(root: Mapping, report: Report) -> Mapping:
    protocol = nodes.mapping(root.get("protocol"), root.span)
    for key in ("endpoint", "namespace"):
        is_missing = protocol.get(key) is None and key not in protocol.refused
        if root.get("protocol") is not None and is_missing:
            report.error(
                "schema-missing-key",
                root.key("protocol").span,
                f"key `{key}` is missing in `protocol`",
                hint="operations may override it; the service needs one",
            )
    return protocol


def _decode_pages(node: Node | None) -> tuple[Page, ...]:
    return tuple(
        Page(
            key=entry.key.text,
            title=nodes.text(body.get("title")),
            url=nodes.text(body.get("url")),
            retrieved=nodes.text(body.get("retrieved")),
            note=nodes.text(body.get("note")),
            span=entry.key.span,
        )
        for entry in nodes.entries(node)
        if isinstance(body := entry.value, Mapping)
    )


def _decode_authentication(
    node: Node | None, decoder: StructureDecoder
) -> Authentication | None:
    if not isinstance(node, Mapping):
        return None
    first = AuthenticationPlace.FIRST.value
    return Authentication(
        alternatives=decoder.alternatives(node.get("alternatives")),
        place=AuthenticationPlace(nodes.text(node.get("place"), first)),
        session=_decode_session(node.get("session")),
        source=decode_citation(node.get("source")),
        span=node.span,
    )


def _decode_session(node: Node | None) -> SessionSource | None:
    if not isinstance(node, Mapping):
        return None
    alternative, members = node.get("alternative"), node.get("members")
    if alternative is None or members is None:
        return None
    paths = (
        (entry.key.text, _decode_path(entry.value)) for entry in nodes.entries(members)
    )
    return SessionSource(
        alternative=nodes.verbatim(alternative),
        members=tuple((name, path) for name, path in paths if path is not None),
        source=decode_citation(node.get("source")),
        span=alternative.span,
    )


def _decode_memory(node: Node | None) -> tuple[Memory, ...]:
    return tuple(
        Memory(
            name=entry.key.text,
            doc=nodes.text(body.get("doc")),
            source=decode_citation(body.get("source")),
            span=entry.key.span,
        )
        for entry in nodes.entries(node)
        if isinstance(body := entry.value, Mapping)
    )


def _decode_outcome(node: Node | None) -> Outcome | None:
    if not isinstance(node, Mapping):
        return None
    success = _decode_path(node.get("success"))
    if success is None:
        return None
    return Outcome(
        success=success,
        message=_decode_path(node.get("message")),
        code=_decode_path(node.get("code")),
        description=_decode_path(node.get("description")),
        source=decode_citation(node.get("source")),
        span=node.span,
    )


def _decode_path(node: Node | None) -> WirePath | None:
    if not isinstance(node, Scalar):
        return None
    return WirePath(names=tuple(node.text.split("/")), span=node.span)
