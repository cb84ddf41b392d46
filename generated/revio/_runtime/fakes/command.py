"""The fake on the command line, for clients in whatever language and for `curl`."""

import argparse
import errno
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import NoReturn, Protocol, TextIO

_LAST_PORT = 65535


class Served(Protocol):
    """A fake, whatever it remembers."""

    @property
    def operation_names(self) -> tuple[str, ...]:
        """Wire names of the operations that it serves."""
        ...

    def serve(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        tell: Callable[[str], object] | None = None,
    ) -> AbstractContextManager[str]:
        """Serve over HTTP while a `with` block runs."""
        ...


def main(arguments: Sequence[str], fake: Served, *, program: str) -> int:
    """Serve a fake as arguments say, until Ctrl-C, and return the exit code.

    Args:
        arguments: Those of the command line.
        fake: What to serve.
        program: The command, as it is to be typed.

    Returns:
        0 when it was stopped, 1 when it cannot be served there, 2 when the arguments are wrong.
    """
    parser = _parser(program)
    try:
        options = parser.parse_args(arguments, namespace=_Options())
    except SystemExit as end:
        return 2 if end.code else 0
    try:
        run(fake, options.port, options.host, verbose=options.verbose)
    except OSError as error:
        _say(f"{program}: {_reason(error, options)}", sys.stderr)
        return 1
    return 0


def run(fake: Served, port: int, host: str, *, verbose: bool) -> None:
    """Serve a fake until Ctrl-C, and tell where.

    Args:
        fake: What to serve.
        port: The port; 0 for any that is free.
        host: The address to serve at.
        verbose: Whether to tell of each answer.

    Raises:
        OSError: It cannot be served there.
    """
    with fake.serve(port, host, tell=_say if verbose else None) as url:
        try:
            _say(f"A fake of the service answers at {url}")
            _say(f"Operations: {', '.join(fake.operation_names)}")
            _say("Ctrl-C stops it.")
            _wait()
        except KeyboardInterrupt:
            _say("Stopped.")


def _wait() -> NoReturn:
    while True:
        time.sleep(60)


class _Options(argparse.Namespace):
    port: int
    host: str
    verbose: bool


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Serve a fake of the service over HTTP, on this machine.",
        epilog=f"example: {program} --port 8080 --verbose",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=0,
        metavar="N",
        help="the port; any that is free unless given",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to serve at; unless given, only this machine reaches it",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="tell of each answer in a line"
    )
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(
            f"a port is a number from 0 to {_LAST_PORT}, not {text!r}"
        )
    return int(text)


def _reason(error: OSError, options: _Options) -> str:
    if error.errno == errno.EADDRINUSE:
        place = f"port {options.port} of {options.host}"
        return f"{place} is taken; choose another one with --port"
    return f"cannot serve at {options.host}: {error.strerror}"


def _say(line: str, stream: TextIO | None = None) -> None:
    print(line, file=stream, flush=True)
