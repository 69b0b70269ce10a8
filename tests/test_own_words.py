"""What a council's plugin adds to the words of a record: each council's flags are its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import putright
import pytest
from putright import national
from putright.hookspecs import hookimpl
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
