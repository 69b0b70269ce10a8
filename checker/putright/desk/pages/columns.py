"""Columns: what each was taken for, what is still to be answered, and what another mapping would say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from putright import fields
from putright.desk.runs import Run, remembered_for
from putright.desk.screens import Wrongs, failure, go_on, of_run, page, plain, run_of
from putright.mistakes import Mistake
from putright.text.english import capital

#: The systems whose columns are known.
SYSTEMS = {
    "jadu": "Jadu",
    "firmstep": "GOSS or Firmstep",
    "icasework": "iCasework",
    "dynamics": "Microsoft Dynamics",
    "salesforce": "Salesforce",
    "servicenow": "ServiceNow",
}
#: Columns that are not of a case record, and what they are called here.
_USES = {
    "": "Not used",
    "ignore": "Not used",
    "due": "A due date (worked out again)",
    "case": "The case number",
    "stage": "The stage of the row",
    "event": "What happened",
    "date": "The day of what happened",
    "status": "Status of the case",
}
_ANY = "stageN_"
#: The most fields that a form is read with: an export can have as many columns as a spreadsheet.
_MOST = 50_000


def _columns(request: Request, run: Run) -> Response:
    if run.proposal is None:
        return go_on(run, "open")
    return _shown(request, run, failure(run))


shown = of_run(_columns)


def _shown(request: Request, run: Run, wrongs: Wrongs) -> Response:
    proposal = run.proposal
    assert proposal is not None
    asked = {question["about"] for question in proposal["questions"]}
    return page(
        request,
        "columns",
        run=run,
        wrongs=wrongs,
        columns=[{**each, "asked": f"column {each['name']}" in asked} for each in proposal["columns"]],
        questions=proposal["questions"],
        words=proposal["words"],
        left=[plain(run, text) for text in proposal["left"]],
        notes=proposal["notes"],
        fields=field_names(proposal["columns"]),
        use=use_name,
        word=word,
        systems=SYSTEMS,
        kept=remembered_for(run),
    )


def field_names(columns: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The fields that a column may be chosen for, in groups, each with its name here."""
    groups: dict[str, dict[str, str]] = {"The case": {}}
    if any(each["use"].startswith(_ANY) for each in columns):
        parts = dict.fromkeys(each.part for each in fields.FIELDS.values() if each.stage == 2)
        groups["The stage of the row"] = {f"{_ANY}{part}": use_name(f"{_ANY}{part}") for part in parts}
    for name, each in fields.FIELDS.items():
        if each.type is fields.Type.HOLDS:
            continue  # two columns give one: putright map and an editor do that
        group = f"Stage {each.stage}" if each.stage else "The case"
        groups.setdefault(group, {})[name] = use_name(name)
    return groups


def use_name(use: str) -> str:
    """What a column is used for, as the page says it."""
    if use in _USES:
        return _USES[use]
    if use.startswith(_ANY):
        own = use.replace(_ANY, "stage2_")
        return f"{capital(fields.FIELDS[own].meaning.partition(': ')[2])} (the row's stage)"
    name, _, end = use.partition(" ")
    known = fields.FIELDS.get(name)
    if known is None:
        return capital(use)
    return capital(known.meaning) + (f" ({end})" if end else "")


def word(answer: str) -> str:
    """An answer as a choice on the page."""
    plain_words = {"row": "The stage of its row", "reached": "The stage that the case has reached"}
    if answer in ("1", "2", "3"):
        return f"Stage {answer}"
    if answer in ("yes", "no", "true", "false") or answer in fields.OUTCOMES or answer in fields.PROCEDURES:
        return capital(answer.replace("_", " "))
    return plain_words.get(answer) or ("None of these" if answer == "ignore" else use_name(answer))


async def answer(request: Request) -> Response:
    """Take in what was answered and changed, and read the columns again, or audit."""
    run = run_of(request)
    form = {name: str(value) for name, value in (await request.form(max_fields=_MOST)).items()}
    return await run_in_threadpool(_answered, request, run, form)


def _answered(request: Request, run: Run, form: Mapping[str, str]) -> Response:
    if run.proposal is None or run.is_busy:
        return go_on(run, "columns")
    changed = _changed(run, form)
    try:
        if form.get("do") == "remembered":
            run.use(_chosen(run, form))
            return go_on(run, "rows")
        if form.get("do") == "read":
            run.propose()
            return go_on(run, "columns")
        run.keep_as = form.get("name", "") if form.get("remember") else None
        if run.keep_as == "":
            raise Mistake("Enter a name to keep the columns by, for example Jadu export.", field="name")
        if changed:
            run.propose(then_audit=True)
        else:
            run.use_columns()
    except Mistake as mistake:
        wrongs = Wrongs()
        for line in plain(run, str(mistake)).replace(str(run.proposed), "the columns").splitlines():
            wrongs.add(line, mistake.field or "main")
        return _shown(request, run, wrongs)
    return go_on(run, "rows")


def _chosen(run: Run, form: Mapping[str, str]) -> Any:
    for each in remembered_for(run):
        if each.name == form.get("kept"):
            return each.path
    raise Mistake("Choose the columns that you kept before.")


def _changed(run: Run, form: Mapping[str, str]) -> bool:
    """Take in answers; whether any is new."""
    assert run.proposal is not None
    before = (dict(run.answers), run.system)
    for number, question in enumerate(run.proposal["questions"]):
        if given := form.get(f"question-{number}"):
            run.answers[question["about"]] = given
    for number, each in enumerate(run.proposal["words"]):
        if given := form.get(f"word-{number}"):
            run.answers[each["about"]] = given
    for number, column in enumerate(run.proposal["columns"]):
        if given := form.get(f"column-{number}"):
            run.answers[f"column {column['name']}"] = given
    if "system" in form:
        run.system = form["system"] or None
    return (run.answers, run.system) != before


async def save(request: Request) -> Response:
    """The mapping as a file."""
    run = run_of(request)
    path = run.mapping or run.proposed
    return FileResponse(path, filename=f"{run.export.stem}-mapping.yaml", media_type="application/yaml")
