"""What a council's plugin adds to the words of a record: flags, words, fields and procedures are its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import putright
import pytest
from putright import fields, national
from putright.hookspecs import OwnField, hookimpl
from putright.mistakes import PluginError
from putright.plugins import Host, build
from putright.rulebooks.reading import RulebookError

BOOK = """\
rulebook: {name}.corporate
title: Complaints
authority: {name}
edition: first
governed_by: [lgsco]
days_off: next_working_day
source: {{document: Made up for tests}}
owner: Complaints team
clauses:
  - id: "1"
    heading: Answering
    text: An answer, sooner where the complaint is of a special kind.
    rules:
      - {{rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: {days} working days,
         if: {{flag: {flag}}}}}
"""


class Council:
    """A council's plugin with one rule, which is for cases with a flag."""

    def __init__(
        self, folder: Path, name: str, days: int, flag: str, flags: object, words: dict[str, str] | None = None
    ) -> None:
        self.path, self.flags, self.words = folder / f"{name}.yaml", flags, words or {}
        self.path.write_text(BOOK.format(name=name, days=days, flag=flag), encoding="utf-8")

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return [self.path]

    @hookimpl
    def putright_flags(self) -> object:
        return self.flags

    @hookimpl
    def putright_words(self) -> dict[str, str]:
        return self.words


def host(folder: Path, **councils: tuple[Any, ...]) -> Host:
    modules = [(name, Council(folder, name, *given), "1") for name, given in councils.items()]
    return build([("national", national, "1"), *modules])


OWN = {"early_resolution": "went through early resolution"}
OTHER = {"early_resolution": "could have gone through early resolution"}


def test_two_councils_may_have_a_flag_of_one_name(tmp_path: Path) -> None:
    made = host(tmp_path, glen=(5, "early_resolution", OWN), dale=(10, "early_resolution", OTHER))
    rows = [
        {"reference": name, "council": name, "received": dt.date(2026, 6, 1), "flags": ["early_resolution"]}
        for name in ("glen", "dale")
    ]
    records = putright.Records.from_dicts(rows, made)
    assert not records.unknown_flags
    found = putright.audit(records, made, as_at=dt.date(2026, 6, 30)).findings.filter(rule="respond-stage1")
    assert {each["rulebook"]: each["due"] for each in found.to_dicts() if each["rulebook"] != "lgsco"} == {
        "glen.corporate": dt.date(2026, 6, 8),
        "dale.corporate": dt.date(2026, 6, 15),
    }
    assert made.vocabulary.flags_of("glen")["early_resolution"] == OWN["early_resolution"]
    assert made.vocabulary.flags_of("dale")["early_resolution"] == OTHER["early_resolution"]
    assert "early_resolution" not in made.vocabulary.flags_of(None)


def test_a_flag_of_another_council_is_unknown_and_reported(tmp_path: Path) -> None:
    made = host(tmp_path, glen=(5, "early_resolution", OWN), dale=(10, "contractor", {}))
    rows = [
        {"reference": name, "council": name, "received": dt.date(2026, 6, 1), "flags": ["early_resolution", "fraud"]}
        for name in ("glen", "dale")
    ]
    assert putright.Records.from_dicts(rows, made).unknown_flags == {"early_resolution": 1}


def test_a_misspelt_flag_in_a_rule_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        host(tmp_path, glen=(5, "early_resolutoin", OWN))
    said = str(caught.value)
    assert "glen.yaml:15:15" in said and "clause 1" in said
    assert "unknown flag 'early_resolutoin'; did you mean 'early_resolution'? known: straight_to_stage2, " in said


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["early_resolution"], "putright_flags must return a dict of lower-case flag"),
        ({"Early": "x"}, "putright_flags must return a dict of lower-case flag"),
        ({"early": " "}, "putright_flags must return a dict of lower-case flag"),
        ({"fraud": "is dear to us"}, "putright_flags: already a flag: fraud"),
    ],
)
def test_a_mistake_about_flags_names_the_plugin(tmp_path: Path, flags: object, message: str) -> None:
    with pytest.raises(PluginError) as caught:
        host(tmp_path, glen=(5, "fraud", flags))
    assert str(caught.value).startswith("plugin 'glen': ") and message in str(caught.value)


def test_two_councils_may_have_a_word_of_one_name(tmp_path: Path) -> None:
    made = host(
        tmp_path,
        glen=(5, "fraud", {}, {"mediation": "an offer of mediation"}),
        dale=(5, "fraud", {}, {"mediation": "who has mediated"}),
    )
    assert made.words_of("glen")["mediation"] == "an offer of mediation"
    assert made.words_of("dale")["mediation"] == "who has mediated"
    assert made.words_of(None)["reason"] == made.words_of("dale")["reason"]
    rows = [
        {
            "reference": "A",
            "council": "glen",
            "received": dt.date(2026, 6, 1),
            "stage1_response_contains": ["mediation"],
        }
    ]
    assert not putright.Records.from_dicts(rows, made).rejected.height


def test_a_rulebook_has_its_own_plugins_words_alone(tmp_path: Path) -> None:
    asks = "- {{rule: response-stage1-contents, kind: contents, holds: [mediation]}}"
    text = BOOK.replace("    rules:\n", f"    rules:\n      {asks}\n")
    glen = Council(tmp_path, "glen", 5, "fraud", {}, {"mediation": "an offer of mediation"})
    dale = Council(tmp_path, "dale", 5, "fraud", {})
    dale.path.write_text(text.format(name="dale", days=5, flag="fraud"), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"'mediation'"):
        build([("national", national, "1"), ("glen", glen, "1"), ("dale", dale, "1")])


# --- fields and procedures ------------------------------------------------------------------------


class Early:
    """A council's plugin with fields or procedures of its own, and a rulebook that counts from one."""

    def __init__(self, folder: Path, name: str, own: object, rules: str, procedures: object = None) -> None:
        self.path, self.own, self.procedures = folder / f"{name}.yaml", own, procedures or {}
        procedure = next(iter(self.procedures), "corporate") if isinstance(self.procedures, dict) else "corporate"
        start, _, _ = BOOK.format(name=name, days=5, flag="fraud").partition("    rules:\n")
        start = start.replace(f"{name}.corporate", f"{name}.{procedure}")
        self.path.write_text(f"{start}    rules:\n      - {rules}\n", encoding="utf-8")

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return [self.path]

    @hookimpl
    def putright_fields(self) -> object:
        return self.own

    @hookimpl
    def putright_procedures(self) -> object:
        return self.procedures


COUNTED = "{rule: resolve-informally, kind: aim, from: early, to: informal_resolved, within: 5 working days}"
HANGING = (
    "{rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 5 working days, "
    "if: {recorded: [early]}}"
)
EARLY = OwnField("date", "early resolution offered", after="received")


def of(folder: Path, **councils: Early) -> Host:
    return build([("national", national, "1"), *((name, council, "1") for name, council in councils.items())])


def test_two_councils_may_have_a_field_of_one_name_and_another_type(tmp_path: Path) -> None:
    made = of(
        tmp_path,
        glen=Early(tmp_path, "glen", {"early": EARLY}, COUNTED),
        dale=Early(tmp_path, "dale", {"early": OwnField("true/false", "may be settled early")}, HANGING),
    )
    rows = [
        {"reference": "1", "council": "glen", "received": "2026-06-01", "early": "2026-06-03"},
        {"reference": "2", "council": "dale", "received": "2026-06-01", "early": "true"},
        {"reference": "3", "council": "glen", "received": "2026-06-01", "early": "yes"},
        {"reference": "4", "council": "dale", "received": "2026-06-01", "early": "false"},
        {"reference": "5", "council": None, "received": "2026-06-01", "early": "whatever"},
    ]
    records = putright.Records.from_dicts(rows, made)
    assert records.rejected["message"].to_list() == ["early 'yes': not a date we can read. Use 2026-11-22"]
    assert not records.left_out
    found = putright.audit(records, made, as_at=dt.date(2026, 6, 30)).findings.to_dicts()
    own = [(each["reference"], each["rule"], each["start"]) for each in found if each["rulebook"] != "lgsco"]
    assert own == [
        ("1", "resolve-informally", dt.date(2026, 6, 3)),
        ("2", "respond-stage1", dt.date(2026, 6, 1)),
    ]


def test_a_field_of_another_council_is_a_column_left_out(tmp_path: Path) -> None:
    made = of(
        tmp_path,
        glen=Early(tmp_path, "glen", {"early": EARLY}, COUNTED),
        dale=Early(tmp_path, "dale", {}, HANGING.replace("early", "triaged")),
    )
    rows = [{"reference": "1", "council": "dale", "received": "2026-06-01", "early": "2026-06-03"}]
    assert putright.Records.from_dicts(rows, made).left_out == ("early",)


@pytest.mark.parametrize(
    ("name", "own", "row", "message"),
    [
        ("early", EARLY, {"early": "2026-05-31"}, "early 2026-05-31 comes before received 2026-06-01"),
        (
            "stage2_met",
            OwnField("date", "met the person", after="stage2_acknowledged"),
            {"stage2_requested": "2026-06-20", "stage2_met": "2026-06-19"},
            "stage2_met 2026-06-19 comes before stage2_requested 2026-06-20",
        ),
        ("early", OwnField("date", "early resolution first spoken of"), {"early": "2026-05-31"}, None),
    ],
)
def test_a_date_with_a_place_in_the_order_is_not_before_what_it_answers(
    tmp_path: Path, name: str, own: OwnField, row: dict[str, str], message: str | None
) -> None:
    made = of(tmp_path, glen=Early(tmp_path, "glen", {name: own}, COUNTED.replace("early", name)))
    rows = [{"reference": "1", "council": "glen", "received": "2026-06-01"} | row]
    assert putright.Records.from_dicts(rows, made).rejected["message"].to_list() == ([message] if message else [])


ORDER = {
    "early": EARLY,
    "ended": OwnField("date", "early resolution ended", after="early"),
    "seen": OwnField("date", "seen by the leader"),
    "stage1_called": OwnField("date", "called", after="stage1_acknowledged"),
    "stage1_told": OwnField("date", "told", after="stage1_acknowledged"),
    "stage1_again": OwnField("date", "called again", after="stage1_called"),
}


def test_a_council_s_own_steps_have_their_place(tmp_path: Path) -> None:
    made = of(tmp_path, glen=Early(tmp_path, "glen", ORDER, COUNTED)).vocabulary.fields_of("glen")
    assert fields.steps(1, made) == (
        *("stage1_requested", "stage1_acknowledged", "stage1_called", "stage1_again", "stage1_told"),
        *("stage1_department_notified", "stage1_extension_notified", "stage1_responded"),
    )
    every = tuple(step for stage in (1, 2, 3) for step in fields.steps(stage, made))
    assert fields.later_steps("early", made) == ("ended", *every)
    assert fields.later_steps("ended", made) == every
    assert fields.later_steps("triaged", made) == every
    assert fields.later_steps("seen", made) == ()
    assert fields.later_steps("stage1_called", made) == every[3:]


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (["early"], "putright_fields must return a dict of lower-case field name to putright.hookspecs.OwnField"),
        ({"early": "date"}, "putright_fields must return a dict of lower-case field name"),
        ({"closed": EARLY}, "putright_fields: 'closed' is already a field of case records"),
        ({"early": OwnField("text", "x")}, "'early' has the type 'text'; the types are 'date' and 'true/false'"),  # type: ignore[arg-type]
        ({"early": OwnField("date", " ")}, "'early' has no meaning: say in plain English what it records"),
        ({"stage4_met": OwnField("date", "x")}, "only stage1_, stage2_ and stage3_ are there"),
        ({"early": OwnField("true/false", "x", after="received")}, "so it comes after no step"),
        ({"early": OwnField("date", "x", after="recieved")}, "comes after 'recieved', which is none of: received, "),
        ({"early": OwnField("date", "x", after="late"), "late": EARLY}, "comes after 'late', which is none of"),
        (
            {"stage1_met": OwnField("date", "x", after="stage2_acknowledged")},
            "comes after 'stage2_acknowledged', which is none of: stage1_requested, stage1_acknowledged, ",
        ),
    ],
)
def test_a_mistake_about_fields_names_the_plugin(tmp_path: Path, own: object, message: str) -> None:
    with pytest.raises(PluginError) as caught:
        of(tmp_path, glen=Early(tmp_path, "glen", own, COUNTED.replace("early", "triaged")))
    assert str(caught.value).startswith("plugin 'glen': ") and message in str(caught.value)


def test_a_misspelt_field_in_a_rule_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="unknown date field of a case record 'earyl'; did you mean 'early'"):
        of(tmp_path, glen=Early(tmp_path, "glen", {"early": EARLY}, COUNTED.replace("early", "earyl")))


SCHOOLS = {"schools": "complaints about the schools that the council runs"}
ANSWER = "{rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 5 working days}"


def test_a_procedure_of_a_council_s_own_is_judged_by_its_rulebook_alone(tmp_path: Path) -> None:
    council = Early(tmp_path, "glen", {}, ANSWER, SCHOOLS)
    council.path.write_text(council.path.read_text("utf-8").replace("governed_by: [lgsco]\n", ""), encoding="utf-8")
    made = of(tmp_path, glen=council, dale=Early(tmp_path, "dale", {}, ANSWER))
    rows = [
        {"reference": name, "council": name, "received": "2026-06-01", "procedure": "schools"}
        for name in ("glen", "dale")
    ]
    records = putright.Records.from_dicts(rows, made)
    assert records.rejected["message"].to_list() == ["procedure 'schools' is only of: glen"]
    findings = putright.audit(records, made, as_at=dt.date(2026, 6, 30)).findings
    assert findings["rulebook"].unique().to_list() == ["glen.schools"]
    assert findings["procedure"].unique().to_list() == ["schools"]


def test_a_rulebook_of_a_procedure_that_nobody_has_is_a_mistake(tmp_path: Path) -> None:
    council = Early(tmp_path, "glen", {}, ANSWER, SCHOOLS)
    council.procedures = {"school": "complaints about schools"}
    with pytest.raises(
        RulebookError, match=r"unknown procedure 'schools' .found 'glen.schools'.; did you mean 'school'. known"
    ):
        of(tmp_path, glen=council)


@pytest.mark.parametrize(
    ("procedures", "message"),
    [
        (["schools"], "putright_procedures must return a dict of lower-case procedure to what it is for"),
        ({"Schools": "x"}, "putright_procedures must return a dict of lower-case procedure"),
        ({"housing": "x"}, "putright_procedures: already a procedure: housing"),
    ],
)
def test_a_mistake_about_procedures_names_the_plugin(tmp_path: Path, procedures: object, message: str) -> None:
    council = Early(tmp_path, "glen", {}, ANSWER)
    council.procedures = procedures  # type: ignore[assignment]
    with pytest.raises(PluginError) as caught:
        of(tmp_path, glen=council)
    assert str(caught.value).startswith("plugin 'glen': ") and message in str(caught.value)


def test_a_mapping_may_name_what_a_plugin_adds(tmp_path: Path) -> None:
    own = {"early": EARLY, "at_risk": OwnField("true/false", "somebody is at risk")}
    made = of(tmp_path, glen=Early(tmp_path, "glen", own, COUNTED))
    (tmp_path / "cases.csv").write_text("Ref,In,Early offer,Risk\nA,01/06/2026,03/06/2026,Y\nB,01/06/2026,,N\n")
    (tmp_path / "mapping.yaml").write_text(
        "layout: case\ndates: [day-first]\n"
        "fields:\n  reference: Ref\n  received: In\n  early: Early offer\n"
        "  at_risk: {column: Risk, words: {Y: 'true', N: 'false'}}\n"
    )
    records = putright.open_cases(tmp_path / "cases.csv", made, "glen", tmp_path / "mapping.yaml").records()
    assert not records.rejected.height and not records.left_out
    assert records.frame["early"].to_list() == [dt.date(2026, 6, 3), None]
    assert records.frame["at_risk true/false"].to_list() == [True, False]
    (tmp_path / "mapping.yaml").write_text("layout: case\nfields: {reference: Ref, received: In, earyl: Early offer}\n")
    with pytest.raises(putright.Mistake, match="'earyl' is not a field of a case record; did you mean 'early'"):
        putright.open_cases(tmp_path / "cases.csv", made, "glen", tmp_path / "mapping.yaml").records()


# --- headings -------------------------------------------------------------------------------------


class Headed(Council):
    """A council's plugin that knows the headings of its exports."""

    def __init__(self, folder: Path, name: str, headings: object) -> None:
        super().__init__(folder, name, 10, "early_resolution", {"early_resolution": "went through early resolution"})
        self.headings = headings

    @hookimpl
    def putright_headings(self) -> object:
        return self.headings


def headed(folder: Path, **councils: object) -> Host:
    return build([("national", national, "1"), *((name, Headed(folder, name, own), "1")
                                                 for name, own in councils.items())])  # fmt: skip


HEADED = """\
Case Ref,Day in hand,Sign-off posted,Colour
A1,02/03/2026,20/03/2026,blue
A2,03/03/2026,,red
"""


def test_map_knows_the_headings_of_a_plugin(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(HEADED, "utf-8")
    made = headed(tmp_path, glen={"received": ["DAY  in hand"], "stage1_responded": ["Sign-off posted", "Colour"]})
    assert made.headings["day in hand"] == "received"
    lines = putright.propose_mapping(export, host=made).text
    assert "received: day in hand" in lines and "stage1_responded: sign-off posted" in lines
    assert "a heading that a council's plugin knows" in lines and "- colour" in lines
    assert "received: day in hand" not in putright.propose_mapping(export).text


def test_a_heading_that_two_plugins_give_to_different_fields_is_left_alone(tmp_path: Path) -> None:
    made = headed(tmp_path, glen={"received": ["Day one", "In"]}, dale={"closed": ["day one"], "received": ["in"]})
    assert made.headings == {"in": "received"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["received"], "putright_headings must return a dict of field to a list of headings"),
        ({"received": "Day in hand"}, "putright_headings must return a dict of field to a list of headings"),
        ({"received": [" "]}, "putright_headings must return a dict of field to a list of headings"),
        (
            {"recieved": ["In"]},
            "putright_headings: 'recieved' is not a field of case records; did you mean 'received'?",
        ),
    ],
)
def test_headings_that_cannot_be(tmp_path: Path, given: object, says: str) -> None:
    with pytest.raises(PluginError) as error:
        headed(tmp_path, glen=given)
    assert says in str(error.value)
