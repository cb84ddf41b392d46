"""Examples: the documents of a page, with the values they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from soapstone.decode import nodes
from soapstone.decode.answers import decode_effects, decode_when
from soapstone.decode.citations import decode_citation
from soapstone.decode.values import StructureOf, decode_members
from soapstone.diagnostics import Report, Span, did_you_mean
from soapstone.model import (
    Authentication,
    DeclaredDefect,
    Defect,
    Document,
    Example,
    Field,
    MemberValue,
)
from soapstone.source import MAXIMUM_BYTES, Mapping, Node, Scalar, inside, size


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentContext:
    """What the documents of one operation are read against.

    Attributes:
        folder: Folder of the spec; sample files lie in it or below.
        shown_folder: The same as spans show it.
    """

    folder: Path
    shown_folder: str
    request: Sequence[Field]
    response: Sequence[Field]
    authentication: Authentication | None
    structure_of: StructureOf


def decode_examples(
    node: Node | None, context: DocumentContext, report: Report
) -> tuple[Example, ...]:
    """Return the examples of an operation."""
    return tuple(
        Example(
            title=nodes.text(example.get("title")),
            request=_decode_document(
                example, "request", context.request, context, report
            ),
            response=_decode_document(
                example, "response", context.response, context, report
            ),
            when=decode_when(example.get("when"), context.request, report),
            effects=decode_effects(example),
            source=decode_citation(example.get("source")),
            span=example.span,
        )
        for example in nodes.items(node)
        if isinstance(example, Mapping)
    )


def _decode_document(
    example: Mapping,
    key: str,
    fields: Sequence[Field],
    context: DocumentContext,
    report: Report,
) -> Document | None:
    body = example.get(key)
    if not isinstance(body, Mapping):
        return None
    span = example.key(key).span
    read = _read_content(body, span, context, report)
    if read is None:
        return None
    content, start = read
    return Document(
        content=content,
        file=nodes.verbatim(body.get("file")),
        start=start,
        values=decode_members(
            body.get("values"), fields, context.structure_of, report, span=span
        ),
        authentication=_decode_authentication(body.get("auth"), context, report),
        defects=tuple(
            DeclaredDefect(
                defect=Defect(entry.key.text),
                elements=nodes.texts(
                    nodes.mapping(entry.value, entry.key.span).get("in")
                ),
                note=_note(entry.value),
                span=entry.key.span,
            )
            for entry in nodes.entries(body.get("defects"))
        ),
        span=span,
    )


def _note(node: Node) -> str:
    return nodes.text(node.get("note") if isinstance(node, Mapping) else node)


def _decode_authentication(
    node: Node | None, context: DocumentContext, report: Report
) -> MemberValue | None:
    alternatives = (
        () if context.authentication is None else context.authentication.alternatives
    )
    for entry in nodes.entries(node):
        for alternative in alternatives:
            if alternative.name == entry.key.text:
                values = decode_members(
                    entry.value,
                    alternative.structure.fields,
                    context.structure_of,
                    report,
                    span=entry.key.span,
                )
                return MemberValue(
                    name=alternative.name, value=values, span=entry.key.span
                )
        report.error(
            "value-unknown-member",
            entry.key.span,
            f"the operation has no authentication `{entry.key.text}`",
            hint=did_you_mean(entry.key.text, [each.name for each in alternatives]),
        )
    return None


def _read_content(
    body: Mapping, span: Span, context: DocumentContext, report: Report
) -> tuple[bytes, Span] | None:
    file, text = body.get("file"), body.get("text")
    if isinstance(file, Scalar) and text is None:
        return _read_file(file, context, report)
    if isinstance(text, Scalar) and file is None:
        return text.text.encode(), text.start
    if body.refused & {"file", "text"}:
        return None
    report.error(
        "example-content",
        span,
        (
            "the document is given twice"
            if file is not None
            else "the document is not given"
        ),
        hint="give either `file`, a path beside the spec, or `text`, the document as a block",
    )
    return None


def _read_file(
    file: Scalar, context: DocumentContext, report: Report
) -> tuple[bytes, Span] | None:
    path = _inside(file.text, context.folder)
    if path is None:
        report.error(
            "example-file",
            file.span,
            f"`{file.text}` does not lie in the folder of the spec",
            hint="name a file in or below that folder, with forward slashes and without `..`",
        )
        return None
    try:
        is_too_large = size(path) > MAXIMUM_BYTES
        content = b"" if is_too_large else path.read_bytes()
    except FileNotFoundError:
        problem = "is not there"
    except OSError as refused:
        problem = f"cannot be read: {refused.strerror}"
    else:
        if not is_too_large:
            return content, Span(f"{context.shown_folder}/{PurePosixPath(file.text)}")
        problem = "is larger than 4 MiB"
    report.error("example-file", file.span, f"the file `{file.text}` {problem}")
    return None


def _inside(name: str, folder: Path) -> Path | None:
    """Return the path of a file below `folder`; None when the name or a link leads elsewhere."""
    parts = PurePosixPath(name).parts
    if not name.isprintable() or "\\" in name or ".." in parts or name.startswith("/"):
        return None
    return inside(folder / name, folder)
