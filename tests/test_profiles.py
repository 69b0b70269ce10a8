"""The profiles of case systems: proposed where the columns fit, and then less is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from casefiles import run
from mapmaking import table
from putright.api.samples import propose_mapping
from putright.mapping.mappingfile import expand
from putright.mapping.profiles import Profile, fitting, profiles
from putright.mapping.proposing import proposal
from putright.mapping.questions import IGNORE, Answers
from putright.mistakes import Mistake

EXPORTS = Path(__file__).parent / "exports"


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.name)
def test_a_profile_answers_with_fields_and_is_told_by_its_marks(profile: Profile) -> None:
    assert all(answer == IGNORE or expand(answer) for answer in profile.columns.values())
    assert fitting(profile.marks) == profile
    assert all(not profile.fits([mark for mark in profile.marks if mark != one]) for one in profile.marks)


#: An export, its system, and the questions that are left with its profile.
LESS = [
    ("01_jadu.csv", "jadu", []),
    ("08_dynamics.csv", "dynamics", []),
    ("44_firmstep.csv", "firmstep", []),
]


@pytest.mark.parametrize(("file", "system", "left"), LESS)
def test_with_a_profile_less_is_asked(file: str, system: str, left: list[str]) -> None:
    plain, known = propose_mapping(EXPORTS / file), propose_mapping(EXPORTS / file, system=system)
    assert len(plain.questions) > len(known.questions)
    assert [question.about for question in known.questions] == left
    assert any(f"with `--from {system}` less is asked" in note for note in plain.notes)
    assert not any("--from" in note for note in known.notes)


def test_a_person_s_answer_counts_before_a_profile_s() -> None:
    export = table(CaseNumber=["1"], CreatedDate=["2026-04-02"], Logged=["2026-04-01"])
    answers = Answers({"column CreatedDate": "ignore"})
    found = proposal(export, answers=answers, profile=profiles()["salesforce"]).text
    assert "received: Logged" in found and "- CreatedDate  # your answer" in found


def test_an_unknown_system_is_refused_with_those_known(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="unknown case system 'jado': use dynamics, firmstep"):
        propose_mapping(EXPORTS / "01_jadu.csv", system="jado")
    shown = run("map", EXPORTS / "01_jadu.csv", "--from", "jado", "--output", tmp_path / "m.yaml")
    assert shown.code == 2 and "unknown case system 'jado'" in shown.err


def test_the_command_takes_the_system(tmp_path: Path) -> None:
    shown = run("map", EXPORTS / "01_jadu.csv", "--from", "jadu", "--output", tmp_path / "m.yaml")
    assert shown.code == 0 and "question" not in shown.out
