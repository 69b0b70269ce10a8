"""A lesson: one notebook's questions for one council, and what it can show; the base of all of them.

Everything is asked of the checker as anybody else would: rulebooks through the host, dates through
``explanation``, verdicts through ``audit`` (both by ``asking``), commands through the command line itself.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import re
import shlex
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache, cached_property, partial, wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from putright import fields
from putright.api.clauses import terms
from putright.api.dates import DueDate, UnreadableValue, parse_date
from putright.api.hosts import Host, load
from putright.calendars import Begins
from putright.documents.pictures import month_sheet
from putright.fields import NATIONAL, RULES
from putright.rulebooks import Clause, Rulebook, Ruling, doubts
from putright.rulebooks.doubts import Doubt
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Timed
from putright.text import english
from putright.text.english import as_sentence, written_date
from putright.text.shown import Display, bullets, card, download, folded, passage, printed, say, together
from putright.training import asking, cells, counting, widget
from putright.training.asking import Finding, NoMaterial, TrainingError
from putright.training.owncase import OwnCase
from putright.training.questions import DateQuestion, Question, Reply, spread
from putright.training.record import FOLDER, Record, tally
from putright.training.widget import Asked
from putright.writing.staging import temporary_folder

P = ParamSpec("P")
L = TypeVar("L", bound="Lesson")

#: A notebook asks every program for colour, which would show as signs here.
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


@cache
def host() -> Host:
    """The plugins installed; loaded once for all the lessons of a session."""
    return load()


#: What a source's other reading is worth.
_OTHER_READING = (
    "Another way to read the source gives this date. By the earlier date nobody is late, whichever reading is right."
)
#: How the source of a summary is introduced.
_SUMMARY = "This is a summary in putright's words. The document itself is what counts."


def or_why_not(show: Callable[Concatenate[L, P], Display]) -> Callable[Concatenate[L, P], Display]:
    """A display that says what is missing where the council's rulebooks do not have what it shows."""

    @wraps(show)
    def shown(lesson: L, /, *args: P.args, **kwargs: P.kwargs) -> Display:
        try:
            return show(lesson, *args, **kwargs)
        except NoMaterial as missing:
            return card("plain", "Not for this council", say(str(missing)))

    return shown


class Lesson:
    """One notebook for one council. Subclasses give its ``questions`` and displays."""

    usual: ClassVar[str] = "corporate"
    """The procedure that the lesson is about, if the council has it."""

    def __init__(self, council: str, as_at: str, seed: int, group: str = "") -> None:
        """Raises TrainingError if the council is not known, or the date or the seed cannot be read.

        ``group``: the name of who answers, if their answers are to be kept in a file.
        """
        self.host = host()
        self.council = str(council).strip().lower()
        if self.council not in self.host.councils:
            raise TrainingError(f"No council is named {council!r}: put one of {', '.join(self.host.councils)}.")
        try:
            self.as_at = parse_date(str(as_at).strip())
            self.seed = int(seed)
        except UnreadableValue as error:
            raise TrainingError(f"as_at = {as_at!r} cannot be used: {error}.") from None
        except (TypeError, ValueError):
            raise TrainingError(f"seed = {seed!r} cannot be used: write a whole number, for example 7.") from None
        about = {"lesson": self.name, "council": self.council, "as_at": self.as_at.isoformat(), "seed": self.seed}
        self.record = Record(str(group), about)
        cells.lesson.open(self)
        kept = ExitStack()
        self.folder = kept.enter_context(temporary_folder())
        """The folder of the lesson's files, which is deleted when the session ends."""
        weakref.finalize(self, kept.close)

    @property
    def name(self) -> str:
        """The lesson's name, by which its answers are kept."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(self).__name__).casefold()

    # --- asking -----------------------------------------------------------------------------------

    def makers(self) -> Mapping[str, Callable[[], Question]]:
        """How each question is made, by its name and in the order they are asked.

        One raises NoMaterial where the council's rulebooks do not have what it asks about.
        """
        return {}

    @cached_property
    def _made(self) -> Mapping[str, Question | NoMaterial]:
        """Each question, or why there is none."""
        made: dict[str, Question | NoMaterial] = {}
        for name, make in self.makers().items():
            try:
                made[name] = make()
            except NoMaterial as missing:
                made[name] = missing
        rng = random.Random(f"{self.seed} {self.council} {type(self).__name__}")
        questions = {name: each for name, each in made.items() if isinstance(each, Question)}
        return made | spread(questions, rng)

    @property
    def questions(self) -> Mapping[str, Question]:
        """The questions by their names, without those that the council's rulebooks have no material for."""
        return {name: made for name, made in self._made.items() if isinstance(made, Question)}

    @property
    def left_out(self) -> Mapping[str, str]:
        """Why there is no question of a name, for those that the council's rulebooks have no material for."""
        return {name: str(made) for name, made in self._made.items() if isinstance(made, NoMaterial)}

    @or_why_not
    def ask(self, name: str, answer: object = None) -> Display:
        """The question, to answer by clicking; with a typed answer, a hint or a confirmation as well."""
        question = self._question(name)
        reply = None if answer is None else self.check(name, answer)
        shown = together(question.ask(), reply.shown) if reply else question.ask()
        return Asked(shown.html, shown.text, lambda: widget.form(question, reply, partial(self.check, name)))

    def check(self, name: str, answer: object) -> Reply:
        """The reply to an answer, which is counted as a try if it can be read."""
        question = self._question(name)
        reply = question.reply(answer)
        if reply.kind == "unreadable":
            return reply
        tries = self.record.add(name, question.text, answer, reply.kind == "right")
        notes = [f"This was try {tries}."] if tries > 1 else []
        told = [say(note) for note in (*notes, self.record.kept) if note]
        return Reply(reply.kind, together(reply.shown, *told))

    def your_case(self, case: Mapping[str, object] | None = None) -> Display:
        """A case of the reader's own, to fill in; with a typed one, what the checker says of it."""
        asked = OwnCase(self)
        if asking.IN_BROWSER:
            return asked.elsewhere()
        if case is not None:
            return asked.reply(case).shown
        shown = asked.ask()
        return Asked(shown.html, shown.text, lambda: widget.form(asked, None, asked.reply))

    def reveal(self, name: str) -> Display:
        """The answer, as the checker works it out; nothing where there is no question."""
        return together() if name in self.left_out else self._question(name).display()

    def later(self, cover: str, shown: Display) -> Display:
        """Something that gives answers away: folded here, and in a hand-out at its end."""
        return folded("plain", cover, cover, shown)

    def score(self) -> Display:
        """How many questions were answered, and how many rightly at the first try."""
        told = self.record.questions.values()
        again = [each["text"] for each in told if not each["answers"][0]["right"]]
        right = f"{len(told) - len(again)} of them right at the first try"
        title = f"{len(told)} of {len(self.questions)} questions answered, {right}."
        parts = [say("To talk over:"), bullets(again)] if again else []
        if self.record.group and told:
            parts.append(say(f"The answers of {self.record.group} are in the file `{self.record.path.as_posix()}`."))
            parts.append(download(self.record.name, self.record.text(), "Save our answers, to give to the trainer"))
        return card("plain", title, *parts)

    def room(self, folder: str = FOLDER) -> Display:
        """How the groups did whose answers are in a folder, for the trainer."""
        return tally(folder)

    def _question(self, name: str) -> Question:
        if name not in self._made:
            raise TrainingError(f"No question is named {name!r}: there are {', '.join(self._made)}.")
        made = self._made[name]
        if isinstance(made, NoMaterial):
            raise made
        return made

    def due_question(self, name: str, rule: str, start: dt.date, text: str, because: str, begins: str) -> DateQuestion:
        """By which day something has to be done, its clock starting on a day; answered with every day counted out."""
        book, ruling = self.ruling(rule)
        within, due = limit(ruling), self.due(book, rule, {timed(ruling).start: start})
        calendar, way = self.host.calendar(book), self.begins(book, ruling)
        readings = self.readings(book, ruling, due)
        likely = (
            [*counting.others(calendar, start, within.count, way), calendar.add(start, within.count)]
            if within.unit is Unit.WORKING_DAYS
            else []
        )
        sheet = [month_sheet(due.span, due.due, begins)] if due.span else []
        return DateQuestion(
            name,
            text,
            because,
            date=due.due,
            hints=counting.hints(calendar, start, within, way),
            likely=tuple(likely),
            readings=readings,
            reveal=lambda: together(*sheet),
            **self.rests_on((book, ruling), *self.in_law(book, ruling)),
        )

    def readings(self, book: Rulebook, ruling: Ruling, due: DueDate) -> dict[dt.date, str]:
        """Other right answers to when something is due: by another reading of the source, or by the law beside it."""
        found = {}
        if due.other and due.other != due.due:
            found[due.other] = _OTHER_READING
        for law, legal in self.in_law(book, ruling):
            if due.start and timed(legal).start == timed(ruling).start:
                date = self.due(law, legal.name, {timed(legal).start: due.start}).due
                if date != due.due:
                    found[date] = f"That is the day by the law: {terms(legal)} ({self.cite(law, legal)})."
        return found

    def in_law(self, book: Rulebook, ruling: Ruling) -> list[tuple[Rulebook, Ruling]]:
        """The law's time for the same step, where the rule is a council's own."""
        if book.is_national:
            return []
        laws = [code for code in self.codes(book.procedure) if code.standing == "law"]
        found = [(law, law.rulings()[ruling.name]) for law in laws if ruling.name in law.rulings()]
        return [each for each in found if limited(each[1])]

    def rests_on(self, *cited: tuple[Rulebook, Ruling]) -> dict[str, Any]:
        """What a question says of the rules that its answer rests on: what is in doubt of them, and their clauses."""
        told = tuple(doubt for book, ruling in cited for doubt in self.doubted(book, ruling))
        sources = [self.clauses(book, ruling) for book, ruling in cited]
        return {"doubts": tuple(dict.fromkeys(told)), "sources": lambda: together(*sources)}

    # --- the rulebooks ----------------------------------------------------------------------------

    @cached_property
    def authority(self) -> str:
        """The council's own name for itself."""
        return next(books[-1].authority for books in self.host.of_council(self.council).values())

    @cached_property
    def procedure(self) -> str:
        """The procedure that the lesson is about: the usual one, or the first that the council has."""
        known = (self.usual, *self.host.vocabulary.procedures_of(self.council))
        own = [each for each in known if f"{self.council}.{each}" in self.host.editions]
        return own[0] if own else self.usual

    def book(self, procedure: str | None = None) -> Rulebook:
        """The council's latest rulebook of a procedure, or the national one if it has none."""
        return self._local(procedure) or self.code(procedure)

    def _local(self, procedure: str | None = None) -> Rulebook | None:
        editions = self.host.editions.get(f"{self.council}.{procedure or self.procedure}")
        return editions[-1] if editions else None

    def code(self, procedure: str | None = None) -> Rulebook:
        """The national rulebook of a procedure; NoMaterial where none governs the council."""
        if codes := self.codes(procedure):
            return codes[0]
        raise NoMaterial(f"No national rules are known here for this procedure of {self.authority}.")

    def codes(self, procedure: str | None = None) -> list[Rulebook]:
        """The national rulebooks of a procedure, the usual one first (contract 2.2)."""
        own, usual = self._local(procedure), NATIONAL.get(procedure or self.procedure)
        names = list(own.governed_by) if own else []
        if not names and usual and self.host.follows_england(self.council):
            names = [usual]
        names.sort(key=lambda name: name != usual)
        return [self.host.editions[name][-1] for name in names if name in self.host.editions]

    def ruling(self, name: str, procedure: str | None = None) -> tuple[Rulebook, Ruling]:
        """A rule and its rulebook: the council's, or the national one's if the council has no such rule.

        NoMaterial if neither has.
        """
        own = self._local(procedure)
        for book in [*([own] if own else []), *self.codes(procedure)]:
            if name in book.rulings():
                return book, book.rulings()[name]
        raise NoMaterial(f"No rule of {self._sources(procedure)} is about this: {RULES[name]}.")

    def counted(self, *names: str) -> tuple[Rulebook, Ruling]:
        """The first of these rules that has a limit in working days; NoMaterial if none has."""
        for name in names:
            with contextlib.suppress(NoMaterial):
                book, ruling = self.ruling(name)
                if limit(ruling).unit is Unit.WORKING_DAYS and not timed(ruling).alternative:
                    return book, ruling
        steps = english.listed((RULES[name] for name in names), "or")
        raise NoMaterial(f"No rule of {self._sources()} counts working days for this: {steps}.")

    def _sources(self, procedure: str | None = None) -> str:
        """The rulebooks that are asked for a rule, in words."""
        own = self._local(procedure)
        books = [*([own] if own else []), *self.codes(procedure)]
        return english.listed((book.title for book in books), "or") or f"{self.authority} known here"

    def clause(self, book: Rulebook, rule: str) -> list[Clause]:
        """The clauses that a rule rests on."""
        return [clause for clause in book.clauses if any(own.rule == rule for own in clause.rules)]

    def clauses(self, book: Rulebook, ruling: Ruling) -> Display:
        """The clauses that a rule rests on: what they say in short, what is in doubt of them, and what else to know."""
        told = []
        for clause in self.clause(book, ruling.name):
            told.append(passage(f"{clause.id} {clause.heading}", clause.text))
            told += [say(f"In doubt: {doubt.whole}") for doubt in _about(book, ruling, clause)]
            told += [
                say(f"Note: {self.plainly(note.whole)}")
                for note in doubts.notes_of(book, ruling)
                if note.clause == clause.id
            ]
        return self._summary(book, told)

    def passages(self, book: Rulebook, clauses: Iterable[Clause]) -> Display:
        """Clauses with what is in doubt of each, with its rules, and what else to know of it; nothing for none."""
        told = []
        for clause in clauses:
            told.append(passage(f"{clause.id} {clause.heading}", clause.text))
            told += [say(f"In doubt: {doubt.whole}") for doubt in doubts.of_paragraph(book, clause)]
            notes = dict.fromkeys(filter(None, (clause.note, *(rule.note for rule in clause.rules))))
            told += [say(f"Note: {self.plainly(as_sentence(note))}") for note in notes]
        return self._summary(book, told) if told else together()

    def _summary(self, book: Rulebook, told: list[Display]) -> Display:
        """What a document says, introduced as a summary, with what is in doubt of all of it."""
        link = f" It is at {book.source.address}." if book.source.address else ""
        whole = [say(f"In doubt: {doubt.whole}") for doubt in doubts.of_book(book) if not doubt.ending]
        return card("plain", f"From {book.title}", say(f"{_SUMMARY}{link}"), *whole, *told)

    @property
    def letter_words(self) -> dict[str, str]:
        """The words for letter contents, as the council means them."""
        return self.host.words_of(self.council)

    def begins(self, book: Rulebook, ruling: Ruling) -> Begins:
        """What the start is in the count that gives the date to keep to."""
        return book.begins(timed(ruling))[0]

    def doubted(self, book: Rulebook, *rulings: Ruling) -> tuple[str, ...]:
        """What is in doubt about rules of a rulebook, a sentence each, without doubts about the whole document."""
        return tuple(doubts.cited(doubt for ruling in rulings for doubt in doubts.of_ruling(book, ruling)))

    def whole(self, *books: Rulebook) -> tuple[str, ...]:
        """What is in doubt about whole documents, a sentence each."""
        return tuple(doubts.shorts(doubt for book in books for doubt in doubts.of_book(book) if not doubt.ending))

    def documents(self, *books: Rulebook) -> list[Display]:
        """What is in doubt about whole documents: that one has been superseded, that it ends."""
        told = ((book.title, doubts.shorts(doubts.of_book(book))) for book in books)
        return [say(f"In doubt about {name}: {' '.join(said)}") for name, said in told if said]

    def days_off(self, book: Rulebook, dates: Collection[dt.date]) -> dict[dt.date, str]:
        """The days from the first of these to the last that are not working days by a rulebook, by name."""
        calendar, first = self.host.calendar(book), min(dates)
        every = (first + dt.timedelta(days=number) for number in range((max(dates) - first).days + 1))
        named = ((date, calendar.why_not(date)) for date in every)
        return {date: name for date, name in named if name}

    def plainly(self, text: str) -> str:
        """A text of the checker or of a rulebook as a trainee reads it: dates in words, and no names of fields."""
        words = self.letter_words

        def listed(found: re.Match[str]) -> str:
            return "did not include: " + re.sub(r"\w+", lambda word: words.get(word[0], word[0]), found[1])

        text = re.sub(r"did not hold: ([^.;]+)", listed, text)
        text = re.sub(r"\d{4}-\d{2}-\d{2}", lambda date: written_date(dt.date.fromisoformat(date[0])), text)
        return re.sub(r"\b[a-z]+\d?(?:_[a-z0-9]+)+\b", lambda name: _label(name[0]), text)

    def cite(self, book: Rulebook, ruling: Ruling) -> str:
        """A rule as people cite it: ``Complaint Handling Code, 6.3``."""
        return f"{book.title}, {ruling.clause}"

    @or_why_not
    def setting(self) -> Display:
        """The sources of the rules, at the top of each notebook."""
        book, codes = self.book(), self.codes()
        if book.is_national:
            told = f"We have no rules of {self.authority} for this, so the national ones are used: {book.title}."
        else:
            told = f"{book.title}: {book.authority}, edition {book.edition}."
            told += f" The national rules: {codes[0].title}." if codes else " No national rules are known for it here."
        books = (book,) if book.is_national else (book, *codes[:1])
        as_at = say(f"As at {written_date(self.as_at)}.")
        return card("plain", self.authority, say(told), *self.documents(*books), as_at)

    # --- the checker ------------------------------------------------------------------------------

    def due(self, book: Rulebook, rule: str, events: Mapping[str, dt.date]) -> DueDate:
        """A date that follows from these events by a rule of a rulebook, with the days counted."""
        council, flags = self._judged_as(book), book.for_flag or ""
        return asking.due(self.host, council, self._procedure(book), book.rulebook, rule, events, flags)

    def judge(self, case: Mapping[str, object], book: Rulebook, rule: str, as_at: dt.date | None = None) -> Finding:
        """The finding of one rule in a made-up case: field name to date, flag list or text."""
        whole = {"reference": "made-up", "procedure": self._procedure(book), "flags": book.for_flag or "", **case}
        return asking.judge(self.host, self._judged_as(book), book.rulebook, rule, whole, as_at or self.as_at)

    def _judged_as(self, book: Rulebook) -> str | None:
        """The council of a case that a rulebook judges; England's national ones judge a case without a council too."""
        return None if book.rulebook in NATIONAL.values() else self.council

    def _procedure(self, book: Rulebook) -> str:
        """The procedure of a record that a rulebook judges."""
        usual = (procedure for procedure, national in NATIONAL.items() if national == book.rulebook)
        return book.procedure or next(usual, self.procedure)

    @or_why_not
    def run(self, command: str) -> Display:
        """Run a command as at a terminal, in this lesson's own folder, and show what it prints.

        ``{council}`` and ``{as_at}`` in it are the lesson's own.
        """
        if asking.IN_BROWSER:
            raise TrainingError(f"Commands do not run in a browser: {asking.DESKTOP}.")
        from putright import cli  # and all that its commands need

        command = command.format(council=self.council, as_at=self.as_at)
        name, *arguments = shlex.split(command)
        if name != "putright":
            raise TrainingError(f"{command!r} is not a command of putright: it begins with the word putright.")
        output = io.StringIO()
        away = contextlib.chdir(self.folder)
        # argparse raises SystemExit after printing what is wrong with the options.
        with (
            away,
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
            contextlib.suppress(SystemExit),
        ):
            cli.main(arguments)
        text = "\n".join(line.rstrip() for line in _COLOURS.sub("", output.getvalue()).splitlines())
        return together(printed(f"$ {command}"), printed(text))


def _label(name: str) -> str:
    """A field of a record, or a word of it, as people say it."""
    return fields.noun(name) if name in fields.FIELDS else name.replace("_", " ")


def timed(ruling: Ruling) -> Timed:
    """A rule that sets a time; NoMaterial if it is of another kind."""
    if not isinstance(ruling.rule, Timed):
        raise NoMaterial(f"{ruling.clause} sets no time for this: {RULES[ruling.name]}.")
    return ruling.rule


def limit(ruling: Ruling) -> Limit:
    """The time that a rule sets; NoMaterial if it sets none."""
    within = timed(ruling).within
    if within is None:
        raise NoMaterial(f"{ruling.clause} sets no time limit for this: {RULES[ruling.name]}.")
    return within


def limited(ruling: Ruling) -> bool:
    """Whether a rule sets a time limit."""
    return isinstance(ruling.rule, Timed) and ruling.rule.within is not None


def _about(book: Rulebook, ruling: Ruling, clause: Clause) -> Iterator[Doubt]:
    """What is in doubt about a clause's part of a rule, and about the rule because of another clause."""
    own = {each.id for each in book.clauses if any(rule.rule == ruling.name for rule in each.rules)}
    first = next(each.id for each in book.clauses if each.id in own)
    for doubt in doubts.of_ruling(book, ruling):
        if doubt.clause == clause.id or (clause.id == first and doubt.clause not in own):
            yield doubt


def plain(value: Any) -> str:
    """A verdict or a word of the checker in plain words: ``no evidence``."""
    return str(value).replace("_", " ")
