"""In every Python process of a test: a connection to anything but this machine is refused, and told.

Python loads it at its start where it is in ``PYTHONPATH``, so that children and their children are held to it too.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from typing import Any

_NAMES = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}
_ADDRESSES = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}


def _is_here(host: object) -> bool:
    """Whether a name or address is this machine's own; a path is one of its files."""
    if host in (None, "", b"", "localhost") or not isinstance(host, str):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _NAMES:
        host = arguments[_NAMES[event]]
    elif event in _ADDRESSES:
        address = arguments[_ADDRESSES[event]]
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    if not _is_here(host):
        with open(os.environ["PUTRIGHT_TESTS_ASKED"], "a", encoding="utf-8") as told:  # noqa: PTH123
            told.write(f"{event} {host} by {' '.join(sys.argv)}\n")
        raise ConnectionRefusedError(f"no test asks another machine, and this one asked {host}")


if "PUTRIGHT_TESTS_ASKED" in os.environ:
    sys.addaudithook(_guard)
