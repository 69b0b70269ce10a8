"""A case of the reader's own: its dates are filled in, and every time limit of the lesson's procedure judges it.

Nothing of it is kept, and nothing is sent anywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from putright import fields
from putright.api.dates import UnreadableValue
from putright.text.english import capital
from putright.text.shown import Display, card, day, say, table, together
from putright.training import asking
from putright.training.answers import read_date
from putright.training.questions import Reply

if TYPE_CHECKING:
    from putright.training.lessons import Lesson

#: What is asked for, in the order of a case.
_DATES = (
    "received",
    "stage1_acknowledged",
    "stage1_extension_notified",
    "stage1_extended_to",
    "stage1_responded",
    "stage2_requested",
    "stage2_acknowledged",
    "stage2_responded",
)
#: The day the case is judged on; today, if none is given.
AS_AT = "as_at"
_LABELS = {name: capital(fields.noun(name)) for name in _DATES} | {
    "stage1_extended_to": "The new date that the extension gave",
    AS_AT: "The day to check it on (today, if you leave it empty)",
}


#: What each is called where it is typed.
_WORDS = {name.replace("_", " ").replace("stage", "stage ").replace("as at", "checked on"): name for name in _LABELS}


class OwnCase:
    """The form of a case, and what is said of the dates that it is given."""

    form: Mapping[str, Any] = {"kind": "case", "fields": [[name, label] for name, label in _LABELS.items()]}

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson

    def above(self) -> Display:
        """What is asked for."""
        return together(
            say("**Try a case of yours**"),
            say("Fill in dates only, no names. Leave out what has not happened. Nothing is kept or sent anywhere."),
        )

    def elsewhere(self) -> Display:
        """Where it is checked, for somebody who is where it cannot be."""
        audit = "The audit checks a case of yours, and the audit does not run in a browser."
        due = "For its due dates alone, use the page *When is it due?* of the handbook."
        return card("plain", "Try a case of yours", say(f"{audit} To try one, {asking.DESKTOP}. {due}"))

    def ask(self) -> Display:
        """The same in words, where there is no form."""
        typed = '`lesson.your_case({"received": "6 July 2026", "stage 1 responded": "3 August 2026"})`'
        named = table(("date", "what to type for it"), ((_LABELS[name], word) for word, name in _WORDS.items()))
        return card("question", "Try a case of yours", say(f"To type it: {typed}"), named)

    def reply(self, answer: object) -> Reply:
        """Every time limit with its verdict, or a word on what could not be read."""
        try:
            case = dict(_read(answer))
            as_at = case.pop(AS_AT, dt.date.today())
            if "received" not in case:
                raise UnreadableValue("The day of receipt is missing. Every count starts from it or after it")
            if case["received"] > as_at:
                raise UnreadableValue(f"The complaint was received after the day it is checked on, {day(as_at)}")
            found = asking.verdicts(self._lesson.host, self._lesson.council, self._lesson.procedure, case, as_at)
        except (UnreadableValue, asking.TrainingError) as error:
            said = self._lesson.plainly(str(error).rstrip("."))
            return Reply("unreadable", card("hint", "That could not be checked", say(f"{said}.")))
        return Reply("right", self._shown(found, as_at))

    def _shown(self, found: list[dict[str, Any]], as_at: dt.date) -> Display:
        limits = [each for each in found if each["due"]]
        rows = [
            (
                capital(fields.RULES[each["rule"]]),
                capital(each["verdict"].replace("_", " ")),
                self._lesson.plainly(each["message"]),
                f"{self._lesson.host.editions[each['rulebook']][-1].title}, {each['clause']}",
            )
            for each in limits
        ]
        note = "Only times are checked here. What the letters said and who did what is not."
        shown = table(("Step", "Verdict", "Why", "Clause"), rows, f"As at {day(as_at)}")
        return card("answer", "What the checker says", shown, say(note))


def _read(answer: object) -> Iterator[tuple[str, dt.date]]:
    """The dates of a case, each by its field."""
    if not isinstance(answer, Mapping):
        raise UnreadableValue('Write the dates between curly brackets, for example {"received": "6 July 2026"}')
    for word, text in answer.items():
        name = _WORDS.get(word, word)
        if name not in _LABELS:
            raise UnreadableValue(f"There is no date called {word!r} here. There are: {', '.join(_WORDS)}")
        if not isinstance(text, dt.date) and not str(text).strip():
            continue
        try:
            yield name, read_date(text)
        except UnreadableValue as error:
            raise UnreadableValue(f"{_LABELS[name]}: {error}") from None
