"""Check by hand: twenty cases drawn at random, each finding agreed with or not."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from putright import fields
from putright.api.casework import ANSWERS
from putright.desk.pages.findings import VERDICTS
from putright.desk.runs import Run
from putright.desk.screens import go, of_results, page, run_of

#: How many cases are drawn, and the seed that they are drawn with.
CASES, SEED = 20, 1


def _check(request: Request, run: Run) -> Response:
    results = run.results
    assert results is not None
    drawn = results.drawn(CASES, SEED)
    number = request.query_params.get("case", "")
    place = min(max(int(number), 1), len(drawn.drawn)) if number.isdecimal() else _next(run, drawn.drawn)
    reference = drawn.drawn[place - 1]
    explained = results.explain(reference)
    rows = [_row(each, run.checked.get(reference, {})) for each in explained.rules]
    done = [each for each in drawn.drawn if each in run.checked]
    return page(
        request,
        "check",
        run=run,
        drawn=drawn.drawn,
        place=place,
        reference=reference,
        events=explained.timeline,
        rows=rows,
        answers=ANSWERS,
        done=done,
        population=drawn.population,
        said=drawn.agreement(_by_finding(run)).sentence,
    )


shown = of_results(_check)


def _by_finding(run: Run) -> dict[tuple[str, str, str], str]:
    """Every answer, by the finding that it is about."""
    return {
        (reference, key.partition(" ")[0], key.partition(" ")[2]): answer
        for reference, answers in run.checked.items()
        for key, answer in answers.items()
    }


def _next(run: Run, drawn: list[str]) -> int:
    """The first case that has not been checked."""
    return next((place for place, each in enumerate(drawn, start=1) if each not in run.checked), 1)


def _row(explained: Any, answers: dict[str, str]) -> dict[str, Any]:
    finding = explained.finding
    key = f"{finding['rulebook']} {finding['rule']}"
    return {
        "key": key,
        "name": fields.RULES[finding["rule"]],
        "called": VERDICTS.get(finding["verdict"], "Does not arise"),
        "finding": finding,
        "clauses": explained.clauses,
        "answer": answers.get(key, ""),
    }


async def answer(request: Request) -> Response:
    """Take in what was answered of one case."""
    run = run_of(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    reference = form.get("reference", "")
    answers = {name: value for name, value in form.items() if value in ANSWERS}
    if answers:
        run.checked[reference] = answers
    return go(f"/runs/{run.key}/check")
