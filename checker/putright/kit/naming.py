"""A council's names, made from the one that people know: of its plugin, its package and its folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from putright.mistakes import Mistake

_KINDS = "city|county|borough|district|metropolitan|royal|london|unitary"
_BEFORE = re.compile(rf"(the )?(({_KINDS}) )*(city|county|borough|district) (and county )?of (the )?", re.IGNORECASE)
_AFTER = re.compile(rf"( (and|{_KINDS}))* (council|corporation|authority)", re.IGNORECASE)


@dataclass(frozen=True)
class Names:
    """The names of a council."""

    council: str
    """As people know it: ``Milton Keynes City Council``."""
    plugin: str
    """As case records have it: ``milton-keynes``."""

    @property
    def distribution(self) -> str:
        """As pip knows it: ``putright-milton-keynes``."""
        return f"putright-{self.plugin}"

    @property
    def package(self) -> str:
        """As Python knows it: ``putright_milton_keynes``."""
        return self.distribution.replace("-", "_")


def names(council: str, plugin: str | None, taken: Collection[str]) -> Names:
    """Make a council's names; a Mistake if that cannot be done, or if a plugin or national rulebook has the name."""
    shown = " ".join(council.split())
    if not shown or not shown.isprintable() or len(shown) > 100:
        raise Mistake(f"{council!r:.120}: write the council's name as people know it, for example 'Newtown Council'.")
    made = _hyphened(shown) if plugin is None else plugin
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made) or len(made) > 50:
        what = f"the name {made!r} cannot be a plugin's" if plugin else f"no plugin's name can be made of {shown!r}"
        raise Mistake(f"{what}: give --name in small letters, digits and '-', for example --name newtown.")
    if made in taken:
        raise Mistake(f"there is a plugin or national rulebook {made!r} already: give another name with --name.")
    return Names(shown, made)


def _hyphened(council: str) -> str:
    """The name in small letters, without what kind of council it is."""
    plain = unicodedata.normalize("NFKD", council).encode("ascii", "ignore").decode()
    short = plain
    if match := _BEFORE.match(short):
        short = short[match.end() :]
    if (match := _AFTER.search(short)) and match.end() == len(short):
        short = short[: match.start()]
    return "-".join(re.findall(r"[a-z0-9]+", (short or plain).lower().replace("'", "")))
