"""Training notebooks: their questions, the checking of answers and their displays. ``open_lesson`` begins one."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from putright.training.asking import TrainingError
from putright.training.cells import lesson
from putright.training.lessons import Lesson
from putright.training.questions import (
    Choice,
    ChoiceQuestion,
    DateQuestion,
    NumberQuestion,
    Question,
    SeveralQuestion,
)
from putright.training.record import tally

#: The lessons, in the order a trainer takes them: the module of each, and its class there.
LESSONS = {
    "day-zero": "day_zero:DayZero",
    "first-audit": "first_audit:FirstAudit",
    "spot-the-breach": "spot_the_breach:SpotTheBreach",
    "stage-1-to-stage-2": "stages:Stages",
    "childrens-and-adults": "statutory:Statutory",
    "our-policy-and-the-code": "policy:PolicyAndCode",
    "before-committee": "committee:BeforeCommittee",
    "what-the-ombudsman-counted": "decisions:Decisions",
}

__all__ = [
    "LESSONS",
    "Choice",
    "ChoiceQuestion",
    "DateQuestion",
    "Lesson",
    "NumberQuestion",
    "Question",
    "SeveralQuestion",
    "TrainingError",
    "lesson",
    "open_lesson",
    "tally",
]


def open_lesson(name: str, council: str, as_at: str, seed: int, group: str = "") -> Lesson:
    """The lesson of a notebook for one council, on one day; TrainingError if an argument is not known.

    ``name`` is one of ``LESSONS``, or a file of questions (``.yaml``). ``group`` is the name of who answers, if their
    answers are to be kept in a file.
    """
    if name.endswith(".yaml"):
        from putright.training.written import WrittenLesson

        return WrittenLesson(Path(name), council, as_at, seed, group)
    if name not in LESSONS:
        raise TrainingError(f"No lesson is named {name!r}: there are {', '.join(LESSONS)}.")
    module, _, kind = LESSONS[name].partition(":")
    found: Lesson = getattr(import_module(f"putright.training.{module}"), kind)(council, as_at, seed, group)
    return found
