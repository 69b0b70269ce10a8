"""Policies and Codes written for a test, a rule in a line, and how the one answers the other."""

from __future__ import annotations

from pathlib import Path

from putright import plugins
from putright.policy.assessment import Answer, assess
from putright.rulebooks.reading import read_rulebook

HOST = plugins.load()
BOOK = """\
rulebook: {name}
title: {name}
authority: Testshire
standing: {standing}
edition: first
in_force: {{from: 2024-01-01}}
source: {{document: Made up for tests}}
governed_by: [{governed_by}]
owner: Tests
clauses:
{clauses}
"""
CLAUSE = """\
  - id: "{id}"
    heading: {heading}
    text: Made up.
{more}
"""
ANSWER = "respond-stage1, kind: deadline, from: stage1_acknowledged, to: stage1_responded, within: 10 working days"
TEN_FROM_RECEIPT = "respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 10 working days"
ACK_5 = "acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: 5 working days"
YEAR = "complain-in-time, kind: window, from: matter_known, to: received, within: 12 months"
TEN_MORE = "extend-stage1, kind: extension, extends: respond-stage1, by: 10 working days"
NOTICE = "extension-stage1-contents, kind: contents"
LETTER = "response-stage1-contents, kind: contents"
SOMEBODY_ELSE = "independence-stage2, kind: independence"
PANEL = "invite-to-panel, kind: notice, from: stage3_panel_invited, to: stage3_panel_met"


def clause(number: int | str, *rules: str, more: str = "", heading: str = "Of a thing") -> str:
    lines = [f"    {line}" for line in more.splitlines()]
    lines += ["    rules:", *(f"      - {{rule: {rule}}}" for rule in rules)] if rules else []
    return CLAUSE.format(id=number, heading=heading, more="\n".join(lines))


def book(folder: Path, name: str, *clauses: str, standing: str = "policy", governed_by: str = "lgsco") -> Path:
    path = folder / f"{name}.yaml"
    text = BOOK.format(name=name, standing=standing, governed_by=governed_by, clauses="".join(clauses))
    path.write_text(text, encoding="utf-8")
    return path


def answers(folder: Path, policy: list[str], code: list[str], standing: str = "guidance") -> list[Answer]:
    own = read_rulebook(book(folder, "testshire.corporate", *policy))
    national = read_rulebook(book(folder, "code", *code, standing=standing, governed_by=""))
    return assess(own, national, HOST.words)
