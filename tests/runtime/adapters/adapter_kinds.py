"""The adapters under test, all used alike: tasks run in an event loop of the adapter's."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import aiohttp
import httpx
import requests

from soapstone.runtime.transports.adapter_aiohttp import AiohttpTransport
from soapstone.runtime.transports.adapter_httpx import (
    AsyncHttpxTransport,
    HttpxTransport,
)
from soapstone.runtime.transports.adapter_requests import RequestsTransport
from soapstone.runtime.transports.messages import (
    HttpRequest,
    HttpResponse,
    Timeouts,
)

SECRET = b"<Password>hunter2</Password>"


def request_to(
    url: str,
    *,
    body: bytes = SECRET,
    headers: tuple[tuple[str, str], ...] = (),
    timeouts: Timeouts | None = None,
    deadline: float | None = None,
    limit: int = 1_000_000,
) -> HttpRequest:
    return HttpRequest(
        url=url,
        headers=headers,
        body=body,
        timeouts=timeouts or Timeouts(connect=30, read=30),
        deadline=deadline,
        limit=limit,
        is_idempotent=True,  # even these are not repeated by an adapter
    )


class Adapter(Protocol):
    """One adapter."""

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Send one request."""
        ...

    def send_all(self, requests: Sequence[HttpRequest]) -> list[HttpResponse]:
        """Send all at once, each from a thread or task of its own."""
        ...

    def close(self) -> None:
        """Close it before its time."""
        ...


@dataclass(frozen=True)
class Threads:
    """An adapter for threads."""

    transport: HttpxTransport | RequestsTransport

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Send from this thread."""
        return self.transport.send(request)

    def send_all(self, requests: Sequence[HttpRequest]) -> list[HttpResponse]:
        """Send each from its own thread."""
        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(self.transport.send, requests))

    def close(self) -> None:
        """Close the transport."""
        self.transport.close()


@dataclass(frozen=True)
class Tasks:
    """An adapter for tasks."""

    transport: AsyncHttpxTransport | AiohttpTransport
    loop: asyncio.AbstractEventLoop

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Send from a task, and wait for it."""
        return self.loop.run_until_complete(self.transport.send(request))

    def send_all(self, requests: Sequence[HttpRequest]) -> list[HttpResponse]:
        """Send each from its own task, and wait for all."""

        async def gathered() -> list[HttpResponse]:
            return await asyncio.gather(*map(self.transport.send, requests))

        return self.loop.run_until_complete(gathered())

    def close(self) -> None:
        """Close the transport."""
        self.loop.run_until_complete(self.transport.close())


@dataclass(frozen=True)
class Settings:
    """What a client that is handed in is made with."""

    authority: Path | None = None
    proxy: str | None = None

    def tls(self) -> ssl.SSLContext:
        """Return the same as what libraries ask for that know no files."""
        return ssl.create_default_context(cafile=self.authority)


@dataclass(frozen=True)
class Kind:
    """A kind of adapter.

    Attributes:
        own: Makes one with a client of its own.
        given: Makes two that share a client, which has headers of its own if they can be left
            behind.
        is_async: Whether it is for tasks.
        takes_environment: Whether its own client goes through the proxies of the environment.
        at_once: How many requests share one adapter.
    """

    name: str
    own: Callable[[], AbstractContextManager[Adapter]]
    given: Callable[[Settings], AbstractContextManager[tuple[Adapter, Adapter]]]
    is_async: bool
    takes_environment: bool
    at_once: int


@contextmanager
def running() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    try:
        yield loop
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


@contextmanager
def own_httpx() -> Iterator[Adapter]:
    with HttpxTransport() as transport:
        yield Threads(transport)


@contextmanager
def given_httpx(settings: Settings) -> Iterator[tuple[Adapter, Adapter]]:
    with httpx.Client(
        verify=settings.tls(), proxy=settings.proxy, headers={"X-Own": "1"}
    ) as client:
        yield Threads(HttpxTransport(client)), Threads(HttpxTransport(client))


@contextmanager
def own_requests() -> Iterator[Adapter]:
    with RequestsTransport() as transport:
        yield Threads(transport)


@contextmanager
def given_requests(settings: Settings) -> Iterator[tuple[Adapter, Adapter]]:
    with requests.Session() as session:
        session.headers["X-Own"] = "1"
        if settings.authority:
            session.verify = str(settings.authority)
        if settings.proxy:
            session.proxies = {"http": settings.proxy, "https": settings.proxy}
        yield Threads(RequestsTransport(session)), Threads(RequestsTransport(session))


@contextmanager
def tasks(
    make: Callable[[], AsyncHttpxTransport | AiohttpTransport],
) -> Iterator[Tasks]:
    transport = make()  # outside of the event loop
    with running() as loop:
        loop.run_until_complete(transport.__aenter__())
        try:
            yield Tasks(transport, loop)
        finally:
            loop.run_until_complete(transport.__aexit__(None, None, None))


@contextmanager
def given_async_httpx(settings: Settings) -> Iterator[tuple[Adapter, Adapter]]:
    with running() as loop:
        client = httpx.AsyncClient(
            verify=settings.tls(), proxy=settings.proxy, headers={"X-Own": "1"}
        )
        try:
            yield (
                Tasks(AsyncHttpxTransport(client), loop),
                Tasks(AsyncHttpxTransport(client), loop),
            )
        finally:
            loop.run_until_complete(client.aclose())


@contextmanager
def given_aiohttp(settings: Settings) -> Iterator[tuple[Adapter, Adapter]]:
    async def made() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=settings.tls()), proxy=settings.proxy
        )

    with running() as loop:
        session = loop.run_until_complete(made())
        try:
            yield (
                Tasks(AiohttpTransport(session), loop),
                Tasks(AiohttpTransport(session), loop),
            )
        finally:
            loop.run_until_complete(session.close())


KINDS = (
    Kind("httpx", own_httpx, given_httpx, False, True, 100),
    # The time that the pool of httpx takes grows with the square of those who wait for it.
    Kind(
        "httpx-async",
        partial(tasks, AsyncHttpxTransport),
        given_async_httpx,
        True,
        True,
        300,
    ),
    Kind("requests", own_requests, given_requests, False, True, 100),
    Kind("aiohttp", partial(tasks, AiohttpTransport), given_aiohttp, True, False, 1000),
)
