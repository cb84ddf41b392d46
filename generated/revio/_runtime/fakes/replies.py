"""What the fake answers, with what an HTTP server would put around it."""

import html
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Protocol

from .. import writing
from ..envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE, Envelope, enclose

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP response, and how it gets to whoever asked.

    Attributes:
        status: The status code; None when the connection ends without an answer.
        headers: Names and values; whoever sends it adds the length.
        body: The body as it is transferred.
        delay: How long to wait before it is sent, in seconds.
        sent: How many bytes of the body are sent before the connection ends; None for all.
        chunk: In pieces of how many bytes the body is transferred; 0 for as a whole.
        operation: Wire name of the operation that was asked for; empty when there was none.
    """

    status: int | None
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    delay: float = 0.0
    sent: int | None = None
    chunk: int = 0
    operation: str = ""

    @property
    def reason(self) -> str:
        """The words beside the status; empty for one that has none."""
        return _PHRASES.get(self.status or 0, "")


_PHRASES: dict[int, str] = {status.value: status.phrase for status in HTTPStatus}

Usual = Callable[[], Reply]


class Refused(Exception):
    """A request does not get as far as to an operation; holds the reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"HTTP {reply.status}")
        self.reply = reply


class Step(Protocol):
    """What happens to one call instead of, or beside, what usually does."""

    def applied(self, usual: Usual, /) -> Reply:
        """The reply; unless `usual` is called, the operation is not carried out."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP fault; the operation is not carried out.

    Attributes:
        text: Explanation for people.
        code: Code with its prefix. `soap` stands for the namespace of the envelope, in whose
            SOAP 1.2 form `soap:Client` is `soap:Sender` and `soap:Server` is `soap:Receiver`.
        status: HTTP status.
        envelope: What stands around it.
        actor: Who caused it (the role in SOAP 1.2), if that is said.
        detail: XML inside the detail; None when there is none.
    """

    text: str
    code: str = "soap:Server"
    status: int = 500
    envelope: Envelope = Envelope.SOAP11
    actor: str | None = None
    detail: str | None = None

    def applied(self, _: Usual, /) -> Reply:
        """The fault."""
        return document_reply(self.document, self.envelope, self.status)

    @property
    def document(self) -> bytes:
        """The fault as a document."""
        is_new = self.envelope is Envelope.SOAP12
        namespace = SOAP12_NAMESPACE if is_new else SOAP11_NAMESPACE
        inside = self._members12() if is_new else self._members11()
        declared = f' xmlns:soap="{namespace}"'
        fault = f"<soap:Fault{declared}>{inside}</soap:Fault>"
        return enclose(fault, self.envelope)

    def _members11(self) -> str:
        actor, detail = self.actor, self.detail
        return (
            f"<faultcode>{writing.text(self.code)}</faultcode>"
            f"<faultstring>{writing.text(self.text)}</faultstring>"
            + ("" if actor is None else _element("faultactor", writing.text(actor)))
            + ("" if detail is None else _element("detail", detail))
        )

    def _members12(self) -> str:
        code = _CODES.get(self.code, self.code)
        actor, detail = self.actor, self.detail
        return (
            f"<soap:Code><soap:Value>{writing.text(code)}</soap:Value></soap:Code>"
            f'<soap:Reason><soap:Text xml:lang="en">{writing.text(self.text)}</soap:Text>'
            "</soap:Reason>"
            + ("" if actor is None else _element("soap:Role", writing.text(actor)))
            + ("" if detail is None else _element("soap:Detail", detail))
        )


_CODES = {"soap:Client": "soap:Sender", "soap:Server": "soap:Receiver"}


def _element(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def refused(text: str, code: str, envelope: Envelope) -> Refused:
    """The exception for a request that is answered with a fault."""
    return Refused(fault_reply(text, code, envelope))


def fault_reply(text: str, code: str, envelope: Envelope) -> Reply:
    """A fault of the service itself, which always has an empty detail."""
    fault = Fault(text, code, envelope=envelope, detail="")
    return document_reply(fault.document, envelope, fault.status)


def document_reply(document: bytes, envelope: Envelope, status: int = 200) -> Reply:
    """A document as the service sends it."""
    is_new = envelope is Envelope.SOAP12
    kind = "application/soap+xml" if is_new else "text/xml"
    headers = (("Content-Type", f"{kind}; charset=utf-8"),)
    return Reply(status=status, headers=headers, body=document)


def page(status: int, title: str, content: str = "") -> Reply:
    """An HTML page as servers show it to people, the content of which is HTML already."""
    shown = html.escape(title)
    text = (
        f"<!DOCTYPE html>\n<html><head><title>{shown}</title></head>\n"
        f"<body><h2>{shown}</h2>\n{content}</body></html>\n"
    )
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Reply(status=status, headers=headers, body=text.encode())


def with_headers(reply: Reply, *headers: tuple[str, str]) -> Reply:
    """A reply with further headers."""
    return replace(reply, headers=(*reply.headers, *headers))
