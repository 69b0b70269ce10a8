"""One case: what happened when, what each rule makes of it, every day by name; and findings that are accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from putright import calendars, fields
from putright.api.casework import Explained, NotFound
from putright.calendars.spelling import spelt
from putright.desk.drawing import timeline
from putright.desk.pages.findings import VERDICTS
from putright.desk.runs import Run
from putright.desk.screens import Wrongs, go, go_on, of_results, page, run_of
from putright.text.dates import UnreadableDate, read_date
from putright.text.english import capital, written_date

#: Only these leave anything to accept.
_WAIVABLE = ("breach", "judgement")
_LAST_DAY = "the last day on which it is accepted"


def _case(request: Request, run: Run) -> Response:
    return _shown(request, run, str(request.query_params.get("reference", "")), Wrongs(), {})


shown = of_results(_case)


def _shown(request: Request, run: Run, reference: str, wrongs: Wrongs, entered: Mapping[str, str]) -> Response:
    results = run.results
    assert results is not None
    try:
        explained = results.explain(reference)
    except NotFound as error:
        wrongs.add(str(error))
        return page(request, "nocase", run=run, wrongs=wrongs, reference=reference)
    return page(
        request,
        "case",
        run=run,
        wrongs=wrongs,
        entered=entered,
        case=explained,
        events=[(written_date(day), f"{day:%A}", what) for day, what in explained.timeline],
        books=_by_book(explained.rules),
        drawing=timeline(explained),
        waivers=[each for each in run.waivers if each["case"] == reference],
        waivable=[each for each in explained.rules if each.finding["verdict"] in _WAIVABLE],
    )


def _by_book(rules: list[Explained]) -> list[tuple[str, list[dict[str, Any]]]]:
    books: dict[str, list[dict[str, Any]]] = {}
    for each in rules:
        finding = each.finding
        heading = f"{finding['rulebook']} ({finding['edition']})"
        books.setdefault(heading, []).append(
            {
                "explained": each,
                "finding": finding,
                "name": fields.RULES[finding["rule"]],
                "called": VERDICTS.get(finding["verdict"], "Does not arise"),
                "days": spelt(each.span, finding["due"]) if each.span else "",
            }
        )
    return list(books.items())


async def accept(request: Request) -> Response:
    """Accept a finding: with a reason, the role of who accepts it and a last day."""
    run = run_of(request)
    form = {name: str(value).strip() for name, value in (await request.form()).items()}
    return await run_in_threadpool(_accepted, request, run, form)


def _accepted(request: Request, run: Run, form: Mapping[str, str]) -> Response:
    reference = form.get("case", "")
    if run.results is None or run.is_busy:
        return go_on(run, "findings")
    wrongs = Wrongs()
    rulebook, _, rule = form.get("rule", "").partition(" ")
    if rule not in fields.RULES:
        wrongs.add("Choose the finding that is accepted.", "rule")
    if not form.get("reason"):
        wrongs.add("Enter why it is accepted.", "reason")
    if not form.get("who"):
        wrongs.add("Enter the role of who accepts it, for example Head of Governance.", "who")
    expires = _expires(form.get("expires", ""), wrongs)
    if wrongs or expires is None:
        return _shown(request, run, reference, wrongs, form)
    waiver = {"case": reference, "rule": rule, "rulebook": rulebook, "reason": form["reason"], "who": form["who"]}
    same = ("case", "rule", "rulebook")
    run.waivers = [each for each in run.waivers if any(each[name] != waiver[name] for name in same)]
    run.waivers.append({**waiver, "expires": expires.isoformat()})
    run.audit()
    return go(f"/runs/{run.key}/case", {"reference": reference})


def _expires(text: str, wrongs: Wrongs) -> dt.date | None:
    try:
        day = read_date(text)
    except UnreadableDate as error:
        said = f"The last day on which it is accepted: {error}" if text else f"Enter {_LAST_DAY}."
        wrongs.add(said, "expires")
        return None
    if day < calendars.today():
        wrongs.add(f"{capital(_LAST_DAY)} has passed. Enter a later day.", "expires")
        return None
    return day
