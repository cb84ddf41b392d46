"""Where requests go, and through which proxy."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import punctuation
from urllib.parse import SplitResult, quote, unquote, urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from ..errors import TransportError

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """What connections are made to.

    Attributes:
        host: A name in ASCII or a number, without the brackets of IPv6.
        port: The port.
    """

    host: str
    port: int

    @property
    def bracketed(self) -> str:
        """The host as it stands in a URL."""
        return f"[{self.host}]" if ":" in self.host else self.host

    def __str__(self) -> str:
        return f"{self.bracketed}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy.

    Attributes:
        address: Where it is.
        authorization: The value of `Proxy-Authorization`; empty when it asks for none.
    """

    address: Address
    authorization: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """Everything that a connection depends on: requests with equal routes can share one.

    Attributes:
        address: The service.
        is_secure: Whether it speaks TLS.
        proxy: What stands in between.
    """

    address: Address
    is_secure: bool
    proxy: Proxy | None

    @property
    def first(self) -> Address:
        """Where the connection is made to."""
        return self.proxy.address if self.proxy else self.address

    @property
    def tunnel(self) -> Proxy | None:
        """The proxy that has to open a tunnel, since it must not read what passes."""
        return self.proxy if self.is_secure else None

    @property
    def forwarder(self) -> Proxy | None:
        """The proxy that reads the request and passes it on."""
        return None if self.is_secure else self.proxy

    @property
    def host(self) -> str:
        """The header `Host`."""
        is_standard = self.address.port == _PORTS[self.scheme]
        return self.address.bracketed if is_standard else str(self.address)

    @property
    def scheme(self) -> str:
        """How the URL begins."""
        return "https" if self.is_secure else "http"

    def __str__(self) -> str:
        through = f" through the proxy {self.proxy.address}" if self.proxy else ""
        return f"{self.address}{through}"


class Routes:
    """Finds the way to a service.

    Args:
        proxies: URLs of proxies by the scheme of the service, or `all`, and under `no` the
            hosts that are reached without, as in `NO_PROXY`; None for what the environment,
            or else the settings of the system, say now.
    """

    def __init__(self, proxies: Mapping[str, str] | None) -> None:
        # Has the rule that a web server's HTTP_PROXY is a header of whoever calls it.
        self._proxies = dict(getproxies() if proxies is None else proxies)
        self._is_of_system = proxies is None and not getproxies_environment()

    def find(self, url: str) -> tuple[Route, str]:
        """The route to a URL, and what is asked for there: path and query.

        Raises:
            ValueError: It is no URL of a web service. What may be secret in it is not quoted.
            TransportError: The proxy is of a kind that is not supported.
        """
        try:
            parts = urlsplit(url)
            address = _address(parts, _PORTS[parts.scheme])
        except (ValueError, KeyError):
            raise ValueError("the URL must be like https://host/path") from None
        is_secure = parts.scheme == "https"
        query = f"?{parts.query}" if parts.query else ""
        target = quote(f"{parts.path or '/'}{query}", safe=punctuation)
        return Route(address, is_secure, self._proxy(parts.scheme, address)), target

    def _proxy(self, scheme: str, address: Address) -> Proxy | None:
        url = self._proxies.get(scheme) or self._proxies.get("all")
        if not url or self._is_exempt(address):
            return None
        return _parsed(url)

    def _is_exempt(self, address: Address) -> bool:
        if self._is_of_system and proxy_bypass(address.host):
            return True
        named = [
            name.strip().lstrip(".")
            for name in self._proxies.get("no", "").lower().split(",")
        ]
        spellings = (address.host, address.bracketed, str(address))
        return "*" in named or any(
            name and f".{each}".endswith(f".{name}")
            for name in named
            for each in spellings
        )


def _parsed(url: str) -> Proxy:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        address = _address(parts, _PORTS["http"])
    except ValueError:
        raise TransportError(
            "the URL of the proxy must be like http://host:port", was_sent=False
        ) from None
    if parts.scheme != "http":
        raise TransportError(
            f"the proxy {address} is of the kind {parts.scheme!r}; only http is supported",
            was_sent=False,
        )
    if parts.username is None:
        return Proxy(address, "")
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(address, f"Basic {b64encode(user.encode()).decode()}")


def _address(parts: SplitResult, standard: int) -> Address:
    """Where a URL leads.

    Raises:
        ValueError: Nowhere. The message may quote what is secret.
    """
    host = (parts.hostname or "").encode("idna").decode()
    if not host or not host.isprintable() or " " in host:
        raise ValueError("no host")
    return Address(host, standard if parts.port is None else parts.port)
