"""Exports in the layouts of many systems: each is mapped and audited without an edit, or asks the right question."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from casefiles import run

EXPORTS = Path(__file__).parent / "exports"
RULES = ("acknowledge-stage1", "respond-stage1", "acknowledge-stage2", "respond-stage2")
WORDS = {"none": "no_evidence"}


@dataclass
class Expected:
    """What is expected of an export: the answers given, and each case's verdicts and due dates."""

    file: str
    answers: list[str] = field(default_factory=list)
    verdicts: dict[str, dict[str, tuple[str, str | None]]] = field(default_factory=dict)


def expected() -> list[Expected]:
    found: list[Expected] = []
    for line in (EXPORTS / "verdicts.txt").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            found.append(Expected(line))
        elif words[0] == "?":
            found[-1].answers.append(" ".join(words[1:]))
        else:
            pairs = zip(words[1::2], words[2::2], strict=True)
            verdicts = [(WORDS.get(verdict, verdict), None if due == "-" else due) for verdict, due in pairs]
            found[-1].verdicts[words[0]] = dict(zip(RULES, verdicts, strict=False))
    return found


@pytest.mark.parametrize("export", expected(), ids=lambda each: f"{each.file} {' '.join(each.answers)}".strip())
def test_verdicts_without_an_edit(export: Expected, tmp_path: Path) -> None:
    mapping, answers = tmp_path / "mapping.yaml", tmp_path / "answers.yaml"
    answers.write_text("\n".join(export.answers), encoding="utf-8")
    given = ["--answers", answers] if export.answers else []
    made = run("map", EXPORTS / export.file, "--output", mapping, *given)
    assert made.code == 0, made.err
    shown = run("audit", EXPORTS / export.file, "--mapping", mapping, "--as-at", "2026-09-30", "--format", "jsonl",
                "--output", "-")  # fmt: skip
    assert shown.code == 0, shown.err
    found: dict[str, dict[str, tuple[str, str | None]]] = {}
    for line in shown.lines:
        if line["rulebook"] == "lgsco" and line["rule"] in RULES:
            found.setdefault(line["reference"], {})[line["rule"]] = (line["verdict"], line["due"])
    assert "+ 0 rejected +" in shown.err or export.file == "messy.csv"
    for reference, verdicts in export.verdicts.items():
        assert found[reference] == verdicts, reference


#: The questions that each export leaves open, by what they are about.
ASKED = {
    "01_jadu.csv": [
        "column created_at", "column stage_1_decision_date", "column stage_2_decision_date",
        "column stage_3_decision_date",
    ],
    "08_dynamics.csv": ["column created on", "column resolved on"],
    "09_stage_unique_refs.csv": ["rows of later stages date received"],
    "11_blankrows.csv": [],
    "12_quarter_sheets.xlsx": [],
    "16_dupheads.xlsx": ["column stage 1 date", "column stage 2 date"],
    "19_sep_cp1252.csv": [],
    "19b.tsv": [],
    "24_moj.csv": [],
    "28_emptycols.csv": ["column date closed"],
    "30_closedonly.csv": ["column date closed"],
    "32_utc_midnights.xlsx": ["zone"],
    "33_tworow.csv": [],
    "36.xlsm": [],
    "40_services.csv": [],
    "44_firmstep.csv": ["column created_date"],
    "47_events.csv": ["event create", "event reopen"],
    "F1_noack.csv": ["column closed"],
    "F2_closed.csv": ["column closed"],
    "F3_stage.csv": ["rows of later stages date received"],
    "F4_s2.csv": [],
    "F5_sat.csv": [],
    "F6_emptycol.csv": [],
    "closed_is_the_reply.csv": ["column dept.", "column closed date"],
    "messy.csv": ["stage column stage", "outcome Withdrawn"],
    "made_icasework.csv": ["column completed"],
    "made_landlord.csv": ["column stage 1 actual", "column stage 2 actual"],
    "made_foi.csv": [],
    "made_stage_in_type.csv": [],
    "made_respond.csv": ["column dept"],
    "made_status.csv": ["status Investigating"],
}  # fmt: skip


@pytest.mark.parametrize("file", ASKED)
def test_the_questions_of_an_export(file: str) -> None:
    made = run("map", EXPORTS / file, "--output", "-")
    asked = [line.strip().removeprefix("question (") for line in made.err.splitlines() if "question (" in line]
    assert [line.partition("): ")[0] for line in asked] == ASKED[file]
