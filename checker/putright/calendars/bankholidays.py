"""Bank holidays of each nation, and of any other calendar that a plugin brings.

Those of the nations come from the ``holidays`` library. They are frozen in ``tables/``, so that the same audit gives
the same dates next year. Sources: GOV.UK's bank holidays, and contract 4.2.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

#: Each calendar that putright brings, with the library's name for the part of the United Kingdom. England's is that of
#: England and Wales.
NATIONS = {"england": "ENG", "northern-ireland": "NIR", "scotland": "SCT"}
_PLACES = {"england": "England", "northern-ireland": "Northern Ireland", "scotland": "Scotland"}
#: The years that the tables have.
FROZEN_YEARS = range(1974, 2061)
#: Bank holidays are announced up to here (GOV.UK, read August 2026); later ones are worked out from
#: the law's ordinary rule, so that a due date after it is provisional.
HORIZON = dt.date(2028, 12, 31)
#: The month of the tables. Every receipt names it, since a late announcement moves dates that were already given.
FROZEN = "2026-08"
_TABLES = Path(__file__).with_name("tables")


@dataclass(frozen=True)
class BankHolidays:
    """The bank holidays of one calendar."""

    name: str
    """The calendar's name, as rulebooks have it: ``england``."""
    days: Mapping[dt.date, str]
    """Each date with its name, weekends included."""
    horizon: dt.date
    """The last day for which they are announced."""
    edition: str
    """Which edition of them it is, as receipts say: ``2026-08``."""
    added: Mapping[dt.date, str] = field(default_factory=dict)
    """Those that the person who runs the audit added (contract 4.2)."""

    def with_days(self, added: Mapping[dt.date, str]) -> BankHolidays:
        """The same calendar with these bank holidays besides."""
        return replace(self, days={**self.days, **added}, added={**self.added, **added}) if added else self

    @property
    def place(self) -> str:
        """Where they are kept, in words: ``England``."""
        return _PLACES.get(self.name, f"the calendar '{self.name}'")

    @property
    def version(self) -> str:
        """What a receipt says of it: ``england-2026-08``, and what was added."""
        said = f"{self.name}-{self.edition}"
        if not self.added:
            return said
        return f"{said} with {', '.join(f'{day.isoformat()} {name}' for day, name in sorted(self.added.items()))}"


@cache
def bank_holidays(nation: str = "england") -> BankHolidays:
    """The frozen table of a nation, 1974 to 2060."""
    with _path(nation).open(encoding="utf-8", newline="") as file:
        days = {dt.date.fromisoformat(row["date"]): row["name"] for row in csv.DictReader(file)}
    return BankHolidays(nation, days, HORIZON, FROZEN)


def versions(calendars: Iterable[BankHolidays]) -> str:
    """What a receipt says of the calendars that an audit counted by."""
    return "; ".join(sorted({each.version for each in calendars}))


def freeze() -> None:
    """Write the tables again from the library (``nox -s freeze``); update HORIZON and FROZEN with them."""
    for nation in NATIONS:
        with _path(nation).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["date", "name"])
            writer.writerows((day.isoformat(), name) for day, name in library_holidays(nation).items())


def library_holidays(nation: str, years: range = FROZEN_YEARS) -> dict[dt.date, str]:
    """A nation's bank holidays as the ``holidays`` library has them, weekends included."""
    import holidays  # slow to import, and needed only to freeze or check the tables

    found = holidays.country_holidays("GB", subdiv=NATIONS[nation], years=years)
    return {day: _councils_name(name) for day, name in sorted(found.items())}


def _councils_name(name: str) -> str:
    """The library's name in the words GOV.UK uses."""
    for theirs, ours in _NAMES.items():
        name = name.replace(theirs, ours)
    return name


_NAMES = {
    "(observed)": "(substitute day)",
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "New Year Holiday": "2nd January",
    "Saint Andrew's Day": "St Andrew's Day",
    "Saint Patrick's Day": "St Patrick's Day",
    "Battle of the Boyne": "Battle of the Boyne (Orangemen's Day)",
    "Scotland's participation in the FIFA World Cup final": "World Cup bank holiday",
}


def _path(nation: str) -> Path:
    return _TABLES / f"{nation}.csv"
