"""Make text from files and records safe to print: no control, invisible or direction-changing characters."""

from __future__ import annotations

import json
import re
from typing import Any

_REPLACED = "\N{REPLACEMENT CHARACTER}"
_ESCAPE = re.compile(r"[^\n -~]")


def printable(text: str) -> str:
    """One line of text, with every unprintable character replaced."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else _REPLACED for letter in text)


def escape_markup(text: str) -> str:
    """The same, also escaped so that ``rich`` reads no markup in it."""
    from rich.markup import escape

    return escape(printable(text))


def json_text(data: Any, *, indent: int | None = 2, plain: bool = False) -> str:
    """Data as JSON with unprintable characters escaped; ``plain`` escapes everything but ASCII."""
    return json_shown(json.dumps(data, indent=indent, ensure_ascii=plain))


def json_file(data: Any) -> bytes:
    """Data as a JSON file, without escapes."""
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def json_shown(text: str) -> str:
    """The same JSON text with unprintable characters escaped."""
    if text.replace("\n", "").isprintable():
        return text
    return _ESCAPE.sub(lambda found: found[0] if found[0].isprintable() else _escaped(found[0]), text)


def _escaped(letter: str) -> str:
    return json.dumps(letter)[1:-1]
