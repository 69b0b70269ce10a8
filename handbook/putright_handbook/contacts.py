"""Where readers say that something is wrong on a page: an email address or a form, for all councils or for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

from putright_handbook.page import HandbookError

#: The key of the address for every council that has none of its own.
EVERYONE = ""
_EMAIL = re.compile(r"[^@\s=,;?&<>\"]+@[^@\s=,;?&<>\"]+\.[^@\s=,;?&<>\"]+")


def read(given: Iterable[str], councils: Iterable[str]) -> dict[str, str]:
    """Addresses by council, from ``ADDRESS`` or ``COUNCIL=ADDRESS`` each; HandbookError if one cannot be used."""
    known = set(councils)
    found: dict[str, str] = {}
    for text in given:
        council, equals, address = text.partition("=")
        if not equals or urlsplit(text).scheme:
            council, address = EVERYONE, text
        if council and council not in known:
            raise HandbookError(f"--contact {text}: {council!r} is not a council of this handbook.")
        if not _is_address(address):
            raise HandbookError(
                f"--contact {text}: {address!r} is not an email address, nor the address of a form that begins with "
                "https://."
            )
        if council in found:
            raise HandbookError(f"--contact {text}: an address is given twice for the same pages; leave one out.")
        found[council] = address
    return found


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return bool(_EMAIL.fullmatch(text)) or (parts.scheme in ("https", "http") and bool(parts.netloc))


def link(contacts: Mapping[str, str], council: str, title: str, page: str) -> str:
    """Where a page's link leads: a message with the page's name in it, or the form; blank if no address is known."""
    address = contacts.get(council) or contacts.get(EVERYONE, "")
    if "@" not in address or urlsplit(address).scheme:
        return address
    subject, body = f"Something is wrong in the complaints handbook: {title}", f"Page: {page}\n\nWhat is wrong:\n"
    return f"mailto:{address}?subject={quote(subject)}&body={quote(body)}"
