"""Findings: what was kept and what was not, rule by rule, and from any figure to its cases."""

from __future__ import annotations

from typing import Any

import polars as pl
from starlette.requests import Request
from starlette.responses import Response

from putright import fields
from putright.api.clauses import cited
from putright.api.hosts import Host
from putright.desk.results import PAGE, Chosen, Results
from putright.desk.runs import Run
from putright.desk.screens import of_results, page
from putright.rulebooks import Rulebook

#: The verdicts, in the order of a table's columns, and what each is called.
VERDICTS = {
    "met": "Met",
    "breach": "Not met",
    "running": "Still running",
    "no_evidence": "No evidence",
    "judgement": "For a person",
}
_STAGES = {1: "Stage 1", 2: "Stage 2", 3: "Stage 3", 0: "The whole case"}


def _findings(request: Request, run: Run) -> Response:
    results = run.results
    assert results is not None
    chosen = Chosen.of(request.query_params)
    number = _page_number(request)
    counts = results.counts(chosen)
    total = int(counts["len"].sum())
    last = max(1, -(-total // PAGE))
    number = min(number, last)
    return page(
        request,
        "findings",
        run=run,
        chosen=chosen,
        books=_tables(counts, results),
        verdicts=VERDICTS,
        choices=_choices(results),
        total=total,
        cases=results.cases_of(chosen),
        rows=[_row(each) for each in results.page(chosen, number).iter_rows(named=True)],
        number=number,
        last=last,
        clause=_clause(run.host, request.query_params),
    )


shown = of_results(_findings)


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1


def _choices(results: Results) -> dict[str, tuple[str, dict[Any, str]]]:
    """What findings may be chosen by: the heading of each choice, and its values with their names."""
    services = sorted(enumerate(results.services), key=lambda each: each[1].casefold())
    return {
        "verdict": ("Verdict", dict(VERDICTS)),
        "stage": ("Stage", dict(_STAGES)),
        "service": ("Service", dict(services)),
        "quarter": ("Received in", results.quarters),
    }


def _tables(counts: pl.DataFrame, results: Results) -> list[dict[str, Any]]:
    """A table for each rulebook: its rules as a case runs, and how many findings have each verdict."""
    tables = []
    for book in results.summary["rulebooks"]:
        own = counts.filter(pl.col("rulebook") == book["rulebook"])
        found = {(rule, verdict): count for rule, verdict, count in own.select("rule", "verdict", "len").iter_rows()}
        clauses: dict[str, str] = dict(own.select("rule", "clause").unique(maintain_order=True).iter_rows())
        rules = [
            {
                "rule": rule,
                "name": fields.RULES[rule],
                "clause": clauses[rule],
                "counts": {verdict: found.get((rule, verdict), 0) for verdict in VERDICTS},
            }
            for rule in fields.RULES
            if rule in clauses
        ]
        if rules:
            tables.append({**book, "rules": rules})
    return tables


def _row(finding: dict[str, Any]) -> dict[str, Any]:
    return {**finding, "name": fields.RULES[finding["rule"]], "called": VERDICTS[finding["verdict"]]}


def _clause(host: Host, query: Any) -> dict[str, Any] | None:
    """The clause of the rule that was chosen, with its text."""
    book = _book(host, query.get("rulebook", ""))
    ruling = book.rulings().get(query.get("rule", "")) if book else None
    if book is None or ruling is None:
        return None
    named = cited(ruling.clause, book)
    return {
        "title": book.title,
        "name": fields.RULES[ruling.name],
        "clauses": [
            {"id": each.id, "heading": each.heading, "text": each.text.strip()}
            for each in book.clauses
            if each.id in named
        ],
        "who": ruling.who,
        "doubts": ruling.unclear,
    }


def _book(host: Host, name: str) -> Rulebook | None:
    editions = host.editions.get(name)
    return editions[-1] if editions else None
