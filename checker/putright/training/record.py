"""The answers that a group gave: kept while the notebook is open, and in a file if the group has a name.

The file is in the folder ``answers`` beside the notebook, or in the browser's own storage. Nothing is sent anywhere: a
trainer gathers the files, and ``tally`` counts them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from putright.mistakes import Mistake
from putright.text.english import counted
from putright.text.shown import Display, say, table, together

FOLDER = "answers"
#: What kind of file it is, in the file itself.
_KIND = "putright training answers"
#: The answers of this session, by the name of the file that they have or would have.
_SESSION: dict[str, dict[str, Any]] = {}


class RecordError(Mistake):
    """A file of answers cannot be read; the text says which, and what to do."""

    def _render_traceback_(self) -> list[str]:
        """In a notebook the sentence is enough."""
        return [str(self)]


class Record:
    """The answers of one group in one lesson, with the wrong ones."""

    def __init__(self, group: str, about: Mapping[str, object]) -> None:
        """``about``: the lesson, the council and the seed. Raises RecordError if there is a file that is not one."""
        self.group = " ".join(group.split())
        parts = [*map(str, about.values()), self.group]
        self.name = (
            "-".join(filter(None, (re.sub(r"\W+", "-", part.casefold()).strip("-") for part in parts))) + ".json"
        )
        self.path = Path(FOLDER) / self.name
        if self.name not in _SESSION:
            kept = _read(self.path) if self.group and self.path.exists() else None
            _SESSION[self.name] = kept or {"kind": _KIND, "group": self.group, **about, "questions": {}}
        self._data = _SESSION[self.name]
        self.kept = ""
        """Why the last answer could not be written to the file; empty if it could."""

    @property
    def questions(self) -> dict[str, dict[str, Any]]:
        """Each question that was answered: its text, and its answers in order, each with whether it was right."""
        found: dict[str, dict[str, Any]] = self._data["questions"]
        return found

    def add(self, question: str, text: str, answer: object, right: bool) -> int:
        """Note an answer, and return how many there have been. The same answer again is the same try."""
        told = self.questions.setdefault(question, {"text": text, "answers": []})
        given = " ".join(map(str, answer)) if isinstance(answer, list | tuple | set) else str(answer)
        if not told["answers"] or told["answers"][-1]["answer"] != given:
            told["answers"].append({"answer": given, "right": right})
            self._write()
        return len(told["answers"])

    def text(self) -> str:
        """The answers as the file has them."""
        return json.dumps(self._data, indent=1, ensure_ascii=False) + "\n"

    def _write(self) -> None:
        if not self.group:
            return
        try:
            self.path.parent.mkdir(exist_ok=True)
            new = self.path.with_suffix(".new")
            new.write_text(self.text(), encoding="utf-8")
            new.replace(self.path)
        except OSError as error:
            self.kept = f"The answers could not be written to {self.path}: {error.strerror}."
        else:
            self.kept = ""


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found["kind"] != _KIND:
            raise ValueError
        for told in found["questions"].values():
            assert isinstance(told["text"], str) and all(isinstance(each["right"], bool) for each in told["answers"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, AssertionError):
        raise RecordError(f"{path} is not a file of answers. Move it to another folder.") from None
    return found


# --- the room -------------------------------------------------------------------------------------


def tally(folder: str | Path = FOLDER) -> Display:
    """How the groups did: each question and each group, counted over the files of answers in a folder and below it.

    Raises RecordError for a file that is not one of answers.
    """
    found = [_read(path) for path in sorted(Path(folder).rglob("*.json"))]
    if not found:
        return say(f"There are no answers in the folder {folder} yet. Groups with a name have theirs kept there.")
    lessons = dict.fromkeys(each["lesson"] for each in found)
    return together(*(_lesson(name, [each for each in found if each["lesson"] == name]) for name in lessons))


def _lesson(name: str, groups: list[dict[str, Any]]) -> Display:
    texts = {key: told["text"] for group in groups for key, told in group["questions"].items()}
    rows = [
        (text, *_row([group["questions"][key] for group in groups if key in group["questions"]]))
        for key, text in texts.items()
    ]
    headings = ("question", "groups that answered", "right at the first try", "right in the end", "wrong answers")
    caption = f"{name.replace('-', ' ').capitalize()}: {counted(len(groups), 'group')}"
    teams = [
        (group["group"], len(group["questions"]), sum(map(_first, group["questions"].values()))) for group in groups
    ]
    return together(
        table(headings, rows, caption), table(("group", "questions answered", "right at the first try"), teams)
    )


def _row(told: list[dict[str, Any]]) -> Iterator[object]:
    wrong = Counter(each["answer"] for one in told for each in one["answers"] if not each["right"])
    yield len(told)
    yield sum(map(_first, told))
    yield sum(any(each["right"] for each in one["answers"]) for one in told)
    yield "; ".join(f"{answer} ({count})" for answer, count in wrong.most_common(3))


def _first(told: Mapping[str, Any]) -> bool:
    """Whether the first answer was right."""
    return bool(told["answers"][0]["right"])
