"""Lines of YAML as a proposal writes them, each with the reason for it."""

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
    """A comment is one line, whatever stands in a column's name."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def yaml(text: str) -> str:
    """A text as YAML has it, quoted where it has to be."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _/()-]*[A-Za-z0-9)]", text)
    return (
        text if plain and key(text) not in ("null", "true", "false") else json.dumps(one_line(text), ensure_ascii=False)
    )


def flow(part: str, text: str) -> str:
    """A name inside { } or [ ]: quoted if it holds a mark that ends one."""
    if part in ("dates", "stage", "separator") or text.startswith('"') or not re.search(r"[][{},]", text):
        return text
    return json.dumps(text)
