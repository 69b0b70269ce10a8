"""Text of files and records as it may be shown: nothing in it moves a cursor, hides a letter or turns a line round."""

from __future__ import annotations

import json
import re
from typing import Any

_REPLACED = "\N{REPLACEMENT CHARACTER}"
_ESCAPE = re.compile(r"[^\n -~]")


def printable(text: str) -> str:
    """One line of text, with a sign in the place of every letter that is not one."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else _REPLACED for letter in text)


def marked(text: str) -> str:
    """The same for ``rich``, which takes nothing in it for markup."""
    from rich.markup import escape

    return escape(printable(text))


def json_text(data: Any, *, indent: int | None = 2, plain: bool = False) -> str:
    """Data as JSON, where what cannot be seen stands as an escape; ``plain`` escapes all that is not ASCII."""
    return json_shown(json.dumps(data, indent=indent, ensure_ascii=plain))


def json_file(data: Any) -> bytes:
    """Data as a JSON file, with every letter as it is."""
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def json_shown(text: str) -> str:
    """JSON text, where what cannot be seen stands as an escape: it says the same."""
    if text.replace("\n", "").isprintable():
        return text
    return _ESCAPE.sub(lambda found: found[0] if found[0].isprintable() else _escaped(found[0]), text)


def _escaped(letter: str) -> str:
    return json.dumps(letter)[1:-1]
