"""Packs for tests: made-up cases audited for real, and the papers and files made of what was found."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from putright.auditing import summary
from putright.auditing.audits import Period
from putright.auditing.batches import audit_batches
from putright.committee import pack, reporthtml
from putright.committee.gathering import Gathering
from putright.files.readers import read_tables
from putright.plugins import Host, load
from putright.synthetic.sample import sample, write_sample

AS_AT = dt.date(2026, 9, 30)
PERIOD = Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
Rows = list[dict[str, object]]
#: The charts of a pack, and its other files.
CHARTS = {f"charts/{name}.png" for name in ("received-by-quarter", "in-time-by-quarter")}
FILES = {
    "report.html",
    "findings.xlsx",
    "figures.json",
    "receipt.json",
    *(f"committee-{name}.{kind}" for name in ("paper", "appendices") for kind in ("md", "docx", "pdf")),
}


@cache
def host() -> Host:
    return load(["coventry"])


def rows(cases: int, seed: int = 3) -> Rows:
    """Made-up cases of a year that ends on the audit date."""
    return sample(host(), "coventry", cases, seed, year_ending=AS_AT)


@dataclass(frozen=True)
class Gathered:
    """An audit gathered for a pack, and its summary."""

    order: pack.Order
    gathering: Gathering
    figures: dict[str, Any]

    def papers(self) -> pack.Papers:
        return pack.Papers(self.gathering, host(), self.figures)

    def files(self, papers: pack.Papers) -> dict[str, bytes]:
        return pack.documents(self.order, self.gathering, host(), self.figures, papers)


@contextmanager
def gathered(cases: Rows, **options: Any) -> Iterator[Gathered]:
    """Cases audited for a pack; ``options`` are those of ``pack.Order``."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "cases.jsonl"
        write_sample(cases, path)
        asked = {"cases": path, "folder": Path(name) / "pack", "council": "coventry", "as_at": AS_AT, "period": PERIOD}
        order = pack.Order(**(asked | options))  # type: ignore[arg-type]
        gathering = Gathering(order, host())
        for records, found, made in audit_batches(
            lambda: read_tables(path), host(), "coventry", AS_AT, gathering.period, make=lambda found: found.findings
        ):
            gathering.add(found, records, made)
        yield Gathered(order, gathering, summary.summarise(gathering.tally, host()))


@dataclass(frozen=True)
class MadePack:
    """A pack in memory: its papers, its files, the public page."""

    papers: pack.Papers
    files: dict[str, bytes]
    public: bytes
    gathering: Gathering
    figures: dict[str, Any]


def made_pack(threshold: int = 5) -> MadePack:
    """A whole pack of made-up cases, kept for every test that asks for the same."""
    return _made_pack(threshold)  # by place, so that the default is the same pack as 5


@cache
def _made_pack(threshold: int) -> MadePack:
    with gathered(rows(160), threshold=threshold) as found:
        papers = found.papers()
        page = reporthtml.page(papers.public, pack.SOFTWARE, "Figures only.").encode()
        return MadePack(papers, found.files(papers), page, found.gathering, found.figures)
