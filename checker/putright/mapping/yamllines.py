"""Write the lines of YAML of a proposal, each with the reason for it as a comment."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from putright.files.tables import key


@dataclass
class Lines:
    """The lines of one part of the file, each with the reason for it."""

    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: str, why: str = "") -> None:
        self.lines.append((text, why))

    def __str__(self) -> str:
        width = max((len(text) for text, why in self.lines if why), default=0)
        body = [f"{text:<{min(width, 60)}}  # {one_line(why)}" if why else text for text, why in self.lines]
        return "\n".join(([self.title] if self.title else []) + body)


def one_line(text: str) -> str:
    """The text on one line, as a comment must be, whatever characters a column's name has."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def yaml(text: str) -> str:
    """A text as a YAML scalar, quoted if necessary."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _/()-]*[A-Za-z0-9)]", text)
    return (
        text if plain and key(text) not in ("null", "true", "false") else json.dumps(one_line(text), ensure_ascii=False)
    )


def flow(part: str, text: str) -> str:
    """A name inside { } or [ ], quoted if it has a character that would end it."""
    if (
        part in ("dates", "stage", "separator", "words", "columns")
        or text.startswith('"')
        or not re.search(r"[][{},]", text)
    ):
        return text
    return json.dumps(text)
