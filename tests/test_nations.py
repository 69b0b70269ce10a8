"""A council of another nation: its own Code, its own bank holidays, and England's rulebooks never judge it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import putright
import pytest
from putright import cli, national
from putright.hookspecs import hookimpl
from putright.mistakes import PluginError
from putright.plugins import Host, build
from putright.rulebooks.reading import RulebookError

CODE = """\
rulebook: highland-code
title: A model procedure
authority: An Ombudsman elsewhere
standing: statutory code
edition: first
calendar: scotland
days_off: next_working_day
source: {document: Made up for tests}
owner: An Ombudsman elsewhere
clauses:
  - id: "1"
    heading: Answering
    text: An answer in 5 working days.
    strength: must
    shown_by: [policy, cases]
    rules:
      - {rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 5 working days}
"""
POLICY = """\
rulebook: glen.corporate
title: Complaints
authority: Glen Council
edition: first
governed_by: [highland-code]
days_off: next_working_day
source: {document: Made up for tests}
owner: Complaints team
clauses:
  - id: "1"
    heading: Answering
    text: An answer in 5 working days.
    rules:
      - {rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 5 working days,
         answers: [highland-code 1]}
"""


class Elsewhere:
    """A plugin that gives a folder's rulebooks, and whatever else it is made with."""

    def __init__(self, folder: Path, *books: str, **gives: object) -> None:
        self.paths = []
        for number, text in enumerate(books):
            path = folder / f"{type(self).__name__}{id(self)}-{number}.yaml"
            path.write_text(text, encoding="utf-8")
            self.paths.append(path)
        self.gives = gives

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return self.paths

    @hookimpl
    def putright_closure_days(self) -> object:
        return self.gives.get("closures", {})

    @hookimpl
    def putright_days_open(self) -> object:
        return self.gives.get("opened", {})

    @hookimpl
    def putright_calendars(self) -> object:
        return self.gives.get("calendars", {})


def host(
    folder: Path, *, policy: str = POLICY, bank_holidays: dict[dt.date, str] | None = None, **gives: object
) -> Host:
    code, own = Elsewhere(folder, CODE), Elsewhere(folder, policy, **gives)
    modules = [("national", national, "1"), ("highland-code", code, "1"), ("glen", own, "1")]
    return build(modules, bank_holidays)


def judged(host: Host, **case: object) -> dict[str, tuple[dt.date | None, str]]:
    """Each rulebook that judged a case's answer, with the due date and the verdict."""
    record = {"reference": "A", "received": dt.date(2026, 7, 30), **case}
    records = putright.Records.from_dicts([record], host, council="glen")
    audit = putright.audit(records, host, as_at=dt.date(2026, 12, 31))
    rows = audit.findings.filter(rule="respond-stage1").select("rulebook", "due", "verdict").rows()
    return {rulebook: (due, verdict) for rulebook, due, verdict in rows}


def test_another_nations_code_judges_with_its_own_bank_holidays(tmp_path: Path) -> None:
    """Received on Thursday 30 July 2026; Monday 3 August is a bank holiday in Scotland: due Friday 7 August."""
    due = dt.date(2026, 8, 7)
    found = judged(host(tmp_path), stage1_responded=due)
    assert found == {"glen.corporate": (due, "met"), "highland-code": (due, "met")}


@pytest.mark.parametrize("procedure", ["corporate", "children", "adults", "housing", "public-health"])
@pytest.mark.parametrize("flags", ["", "landlord"])
def test_englands_rulebooks_never_judge_it(tmp_path: Path, procedure: str, flags: str) -> None:
    found = judged(host(tmp_path), procedure=procedure, flags=flags, stage1_responded=dt.date(2026, 8, 7))
    assert not found.keys() - {"glen.corporate", "highland-code"}


def test_a_calendar_alone_says_which_nation_it_is(tmp_path: Path) -> None:
    policy = POLICY.replace("governed_by: [highland-code]", "calendar: scotland").replace(
        "\n         answers: [highland-code 1]", ""
    )
    policy = policy.replace("within: 5 working days,}", "within: 5 working days}")
    assert not host(tmp_path, policy=policy).follows_england("glen")
    assert judged(host(tmp_path, policy=policy), procedure="adults") == {}


def test_a_council_of_england_follows_englands_where_it_has_no_rulebook(tmp_path: Path) -> None:
    policy = POLICY.replace("[highland-code]", "[lgsco]").replace("highland-code 1", "lgsco 6.3")
    made = host(tmp_path, policy=policy)
    assert made.follows_england("glen") and made.follows_england(None)
    assert set(judged(made, procedure="adults")) <= {"adults-2009"}


def test_local_holidays_are_added_and_taken_away(tmp_path: Path) -> None:
    """Glen works on 3 August and closes on the 5th: due the same day as without either, and the Code's is not."""
    own = host(
        tmp_path, closures={dt.date(2026, 8, 5): "Fair day"}, opened={dt.date(2026, 8, 3): "Summer bank holiday"}
    )
    found = judged(own, stage1_responded=dt.date(2026, 8, 7))
    assert found["glen.corporate"] == (dt.date(2026, 8, 7), "met")
    only_open = host(tmp_path, opened={dt.date(2026, 8, 3): "Summer bank holiday"})
    found = judged(only_open, stage1_responded=dt.date(2026, 8, 7))
    assert found["glen.corporate"] == (dt.date(2026, 8, 6), "breach")
    assert found["highland-code"] == (dt.date(2026, 8, 7), "met")


def test_a_plugin_brings_a_calendar(tmp_path: Path) -> None:
    policy = POLICY.replace("governed_by", "calendar: glen\ngoverned_by")
    made = host(tmp_path, policy=policy, calendars={"glen": {dt.date(2026, 7, 31): "Glen day"}})
    found = judged(made, stage1_responded=dt.date(2026, 8, 7))
    assert found["glen.corporate"] == (dt.date(2026, 8, 7), "met")  # 31 July off, 3 August worked
    assert made.calendar_versions(["glen.corporate", "highland-code"]) == "glen-1; scotland-2026-08"
    assert made.calendar(made.editions["glen.corporate"][0]).horizon == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("policy", "calendars", "message"),
    [
        ("calendar: skotland\n", {}, "unknown calendar 'skotland'; did you mean 'scotland'?"),
        ("", {"scotland": {dt.date(2026, 7, 31): "x"}}, "'scotland' is already a calendar, of putright"),
        ("", {"Glen": {dt.date(2026, 7, 31): "x"}}, "must return a dict of lower-case calendar name"),
        ("", {"glen": {}}, "must return a dict of lower-case calendar name"),
        ("", {"glen": {"2026-07-31": "x"}}, "must return a dict of date to the day's name"),
    ],
)
def test_a_mistake_about_a_calendar_says_what_to_do(
    tmp_path: Path, policy: str, calendars: dict[str, object], message: str
) -> None:
    with pytest.raises((PluginError, RulebookError)) as caught:
        host(tmp_path, policy=policy + POLICY, calendars=calendars)
    assert message in str(caught.value)


def test_a_proclaimed_bank_holiday_moves_every_due_date(tmp_path: Path) -> None:
    made = host(tmp_path, bank_holidays={dt.date(2026, 8, 6): "State funeral"})
    due = dt.date(2026, 8, 10)
    assert judged(made, stage1_responded=due) == {"glen.corporate": (due, "met"), "highland-code": (due, "met")}
    assert judged(host(tmp_path), stage1_responded=due)["highland-code"][1] == "breach"


def test_the_commands_take_a_bank_holiday_and_write_it_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("reference,received,stage1_acknowledged\nA-1,2026-07-30,2026-08-07\n", encoding="utf-8")
    summary = tmp_path / "summary.json"
    command = ["audit", str(cases), "--as-at", "2026-09-30", "--summary", str(summary), "--overwrite"]
    said = {}
    for more in ((), ("--bank-holiday", "2026-08-05=State funeral")):
        assert cli.main([*command, *more]) == 0
        read = json.loads(summary.read_text("utf-8"))
        (found,) = [each for each in read["rules"] if each["rule"] == "acknowledge-stage1"]
        said[more] = read["calendar"], found["verdicts"]
    assert list(said.values()) == [
        ("england-2026-08", {"breach": 1}),
        ("england-2026-08 with 2026-08-05 State funeral", {"met": 1}),
    ]
    capsys.readouterr()
    assert cli.main(["due", "--received", "2026-07-30", "--bank-holiday", "2026-08-05=State funeral"]) == 0
    assert "2026-08-07" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["2026-08-05", "2026-08-05=", "5 August=Fair", "=Fair"])
def test_a_bank_holiday_needs_a_date_and_a_name(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["due", "--received", "2026-07-30", "--bank-holiday", text])
    assert stopped.value.code == 2
    assert "2026" in capsys.readouterr().err
