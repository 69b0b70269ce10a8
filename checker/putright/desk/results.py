"""What an audit found, in a folder: written batch by batch by the process that judges, and looked up by the pages.

Findings lie there without their messages, which are made for the cases that a page shows.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import polars as pl

from putright.api import audits, casework
from putright.api.hosts import Host
from putright.api.records import REJECTED, Records

_FINDINGS, _CASES = "findings", "cases"
_ABOUT = "about.json"
_NO_SERVICE = "Not recorded"
#: No number in an address is longer.
_DIGITS = 7
#: How many findings a page shows.
PAGE = 50
_KEY = ["reference", "rulebook", "edition", "rule"]


# --- written ---------------------------------------------------------------------------------------


class Writer:
    """A new folder being filled."""

    def __init__(self, folder: Path, host: Host) -> None:
        folder.mkdir(mode=0o700)
        self._folder = folder
        self._lock = threading.Lock()  # several batches are judged at the same time
        self._cases = self._findings = 0
        self._services: dict[str, int] = {}
        self._spelt: dict[int, str] = {}
        self._about: dict[str, Any] = {}
        stages = [
            (name, rule, ruling.stage or 0)
            for name, editions in host.editions.items()
            for book in editions
            for rule, ruling in book.rulings().items()
        ]
        schema = {"rulebook": pl.String, "rule": pl.String, "stage": pl.UInt8}
        self._stages = pl.DataFrame(stages, schema=schema, orient="row").unique(["rulebook", "rule"])

    def noted(self, batch: audits.Batch, found: pl.DataFrame) -> pl.DataFrame:
        """Write the cases of a batch; gives its findings with what they are chosen by."""
        cases = batch.cases
        with self._lock:
            self._about |= {"words": list(batch.words), "kept": sorted(batch.kept)}
            services = self._numbers(cases)
            self._cases += 1
            cases.write_ipc(self._folder / f"{_CASES}-{self._cases:05}.arrow")
        by_case = cases.select(
            "reference",
            services.alias("service"),
            (pl.col("received").dt.year() * 10 + pl.col("received").dt.quarter()).cast(pl.Int32).alias("quarter"),
        )
        whole = found.join(by_case, on="reference", how="left", maintain_order="left")
        return whole.with_columns(self._stage(found).alias("stage"))

    def add(self, found: pl.DataFrame) -> None:
        """Write the findings of a batch, in the order of the file."""
        self._findings += 1
        found.write_ipc(self._folder / f"{_FINDINGS}-{self._findings:05}.arrow")

    def finish(self, summary: Mapping[str, Any], rejected: pl.DataFrame) -> None:
        """Write what is known once every batch is there."""
        rejected.write_ipc(self._folder / "rejected.arrow")
        about = {**self._about, "services": list(self._spelt.values()), "summary": summary}
        (self._folder / _ABOUT).write_text(json.dumps(about, default=str), "utf-8")

    def _numbers(self, cases: pl.DataFrame) -> pl.Series:
        """The number of each case's service; services that differ by case or spaces are one."""
        if "service" not in cases.columns or cases.is_empty():
            return pl.repeat(self._number_of(None), cases.height, dtype=pl.UInt32, eager=True)
        known = {name: self._number_of(name) for name in cases["service"].unique(maintain_order=True)}
        return cases["service"].replace_strict(list(known), list(known.values()), return_dtype=pl.UInt32)

    def _number_of(self, name: str | None) -> int:
        key = " ".join((name or "").split()).casefold()
        number = self._services.setdefault(key, len(self._services))
        self._spelt.setdefault(number, name or _NO_SERVICE)
        return number

    def _stage(self, found: pl.DataFrame) -> pl.Series:
        names = found.select(pl.col("rulebook", "rule").cast(pl.String))
        return names.join(self._stages, on=["rulebook", "rule"], how="left", maintain_order="left")["stage"]


# --- looked up -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """The findings that a page is about; what is None is not chosen by."""

    rulebook: str | None = None
    rule: str | None = None
    verdict: str | None = None
    stage: int | None = None
    service: int | None = None
    quarter: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """What an address asks for; what cannot be read is not chosen by."""
        texts = {name: query[name] for name in ("rulebook", "rule", "verdict") if query.get(name)}
        given = {name: query.get(name, "") for name in ("stage", "service", "quarter")}
        numbers = {name: int(text) for name, text in given.items() if text.isdecimal() and len(text) <= _DIGITS}
        return cls(**texts, **numbers)  # type: ignore[arg-type]

    def query(self, **changed: Any) -> dict[str, str]:
        """The same as the end of an address, with what is changed."""
        other = replace(self, **changed)
        return {each.name: str(value) for each in fields(other) if (value := getattr(other, each.name)) is not None}

    def expression(self) -> pl.Expr:
        """What a finding has to be."""
        wanted = pl.lit(True)
        for name in ("rulebook", "rule", "verdict"):
            if (value := getattr(self, name)) is not None:
                wanted &= pl.col(name).cast(pl.String) == value
        for name in ("stage", "service", "quarter"):
            if (value := getattr(self, name)) is not None:
                wanted &= pl.col(name) == value
        return wanted


@dataclass(frozen=True)
class Results:
    """What one audit found."""

    folder: Path
    host: Host
    as_at: dt.date

    @cached_property
    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = json.loads((self.folder / _ABOUT).read_text("utf-8"))
        return about

    @property
    def summary(self) -> dict[str, Any]:
        """The summary, as ``putright audit --summary`` writes it."""
        found: dict[str, Any] = self._about["summary"]
        return found

    @property
    def services(self) -> list[str]:
        """The services, by their numbers."""
        found: list[str] = self._about["services"]
        return found

    @cached_property
    def quarters(self) -> dict[int, str]:
        """The quarters that cases were received in, by their numbers, the latest first."""
        found = self._findings.select(pl.col("quarter").unique()).collect()["quarter"].drop_nulls().to_list()
        return {number: quarter_name(number) for number in sorted(found, reverse=True)}

    @cached_property
    def rejected(self) -> pl.DataFrame:
        """The rows that could not be audited, as the checker lists them."""
        return pl.read_ipc(self.folder / "rejected.arrow")

    @cached_property
    def _lines(self) -> pl.DataFrame:
        return self._lying(_FINDINGS)

    @property
    def _findings(self) -> pl.LazyFrame:
        return self._lines.lazy()

    @cached_property
    def _cases(self) -> pl.DataFrame:
        return self._lying(_CASES)

    def _lying(self, what: str) -> pl.DataFrame:
        """What is in the folder: it stays in its files, and takes memory only where it is looked at."""
        files = sorted(self.folder.glob(f"{what}-*.arrow"))
        return pl.concat([pl.read_ipc(path) for path in files], how="diagonal_relaxed", rechunk=False)

    def counts(self, chosen: Chosen) -> pl.DataFrame:
        """How many findings (``len``) of each ``rulebook``, ``rule`` and ``clause`` have each ``verdict``."""
        by = pl.col("rulebook", "rule", "clause", "verdict")
        found = self._findings.filter(chosen.expression()).group_by(by).len().collect()
        return found.with_columns(pl.col("rulebook", "rule", "clause", "verdict").cast(pl.String))

    def cases_of(self, chosen: Chosen) -> int:
        """How many cases have such a finding."""
        return int(self._findings.filter(chosen.expression()).select(pl.col("reference").n_unique()).collect().item())

    def page(self, chosen: Chosen, number: int) -> pl.DataFrame:
        """One page of findings, in the file's order, each with its message; pages count from 1."""
        places = self._findings.with_row_index("place").filter(chosen.expression()).select("place")
        found = self._lines[places.slice((number - 1) * PAGE, PAGE).collect()["place"]]
        found = found.with_columns(pl.col(_KEY).cast(pl.String), pl.col("verdict", "clause").cast(pl.String))
        if found.is_empty():
            return found.with_columns(pl.lit("").alias("message"))
        cases = audits.audit(self.records(found["reference"].unique()), self.host, as_at=self.as_at)
        again = pl.concat(made for _, _, made in cases.batches(lambda batch: batch.findings))
        return found.join(again.select(*_KEY, "message"), on=_KEY, how="left", maintain_order="left")

    def records(self, references: pl.Series) -> Records:
        """These cases as the audit had them."""
        cases = self._cases.filter(pl.col("reference").is_in(references.to_list()))
        return Records(
            cases, pl.DataFrame(schema=REJECTED), cases.height, tuple(self._about["words"]),
            kept=frozenset(self._about["kept"]),
        )  # fmt: skip

    def explain(self, reference: str) -> casework.Explanation:
        """One case, every day by name. Raises a Mistake where it was not audited."""
        records = self.records(pl.Series([reference]))
        return audits.audit(records, self.host, as_at=self.as_at).explain(reference)

    def case(self, reference: str) -> dict[str, Any]:
        """What is recorded of one case: field to value."""
        return self.records(pl.Series([reference])).frame.row(0, named=True)

    @cached_property
    def service_of(self) -> dict[str, str]:
        """The service of each case, by its reference."""
        by_case = self._findings.select("reference", "service").unique("reference").collect()
        names = self.services
        return {reference: names[number] for reference, number in by_case.iter_rows()}

    def drawn(self, cases: int, seed: int) -> casework.Sample:
        """Cases drawn at random to be checked by hand."""
        columns = ["reference", "rulebook", "rule", "clause", "verdict"]
        every = self._findings.select(columns).with_columns(pl.col(columns).cast(pl.String)).collect()
        return casework.draw_sample(every, cases, seed)


def quarter_name(number: int) -> str:
    """``April to June 2026``."""
    year, place = divmod(number, 10)
    return str(audits.quarter(dt.date(year, 3 * place, 1)))
