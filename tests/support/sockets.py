"""Keeps tests on this machine: a connection to anywhere but loopback or a Unix socket is an error."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from _pytest.monkeypatch import MonkeyPatch


class LeavingTheMachineError(AssertionError):
    """A test reached for another host."""


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Refuse, for as long as it lasts, every connection and name look-up beyond this machine."""
    with MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        resolve = socket.getaddrinfo

        def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
            if not is_here(host):
                _refuse(host)
            return resolve(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", look_up)
        yield


def is_here(host: object) -> bool:
    """Say whether a host, as given to the socket functions, is this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def free_port() -> int:
    """Give a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_here(address[0]):
            _refuse(address)
        return connect(self, address)

    return guarded


def _refuse(target: object) -> NoReturn:
    raise LeavingTheMachineError(f"Tests stay on this machine; this one wanted {target!r}.")
