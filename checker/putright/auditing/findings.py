"""Findings: what the engine judged, as the table and the sentences that people read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import numpy as np
import polars as pl

from putright import fields
from putright.calendars import EPOCH, FAR, Begins
from putright.calendars.daytables import Days
from putright.engine.codes import CodedFindings
from putright.engine.judging import counts_working_days
from putright.engine.verdicts import Mark, Verdict, Why, kinds_of, unpack_moved, unpack_why
from putright.plugins import Host
from putright.rulebooks import Rulebook, Ruling, phrases, short_doubt
from putright.rulebooks.rules import Contents, Extension, Question, Rule, Timed

VERDICTS = tuple(verdict.name.lower() for verdict in Verdict)
MARKS = tuple(str(mark.name).lower() for mark in Mark)

#: A finding's columns, in the order of contract 6.2.
COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "reference": pl.String,
    "council": pl.String,
    "procedure": pl.String,
    "rulebook": pl.String,
    "rule": pl.String,
    "clause": pl.String,
    "kind": pl.String,
    "verdict": pl.String,
    "start": pl.Date,
    "due": pl.Date,
    "done": pl.Date,
    "days_taken": pl.Int32,
    "days_over": pl.Int32,
    "edition": pl.String,
    "marks": pl.List(pl.String),
    "missing": pl.List(pl.String),
    "to_judge": pl.List(pl.String),
    "message": pl.String,
}


def frame(found: CodedFindings, cases: pl.DataFrame, words: tuple[str, ...], *, messages: bool) -> pl.DataFrame:
    """The findings in the columns of contract 6.2, in the file's order, then by rulebook and rule."""
    arrays = found.together(cases.height)
    rules = _described(found)
    table = _table(rules, arrays, cases, words, dict.fromkeys(COLUMNS, pl.String()))
    message = _messages(table, rules, arrays) if messages else pl.lit(None, pl.String)
    return table.with_columns(message.alias("message")).select(list(COLUMNS))


def coded(
    found: CodedFindings, cases: pl.DataFrame, words: tuple[str, ...], kinds: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """The same without messages, its text as the Enums of ``kinds``: quicker to make and to write."""
    table = _table(_described(found), found.together(cases.height), cases, words, kinds)
    return table.select(name for name in COLUMNS if name != "message")


def enums(host: Host, words: tuple[str, ...]) -> dict[str, pl.DataType]:
    """An Enum for each column that has few different texts, the same for every batch of a file."""
    rules = [_describe(ruling, book) for books in host.editions.values() for book in books for ruling in _rulings(book)]
    texts: dict[str, Iterable[str]] = {
        **{name: [rule[name] for rule in rules] for name in _FROM_RULES},
        "council": host.councils,
        "procedure": host.vocabulary.every_procedure(),
        "verdict": VERDICTS,
        "marks": MARKS,
        "missing": words,
        "to_judge": words,
    }
    return {name: pl.Enum(list(dict.fromkeys(values))) for name, values in texts.items()}


_FROM_RULES = ("rulebook", "rule", "clause", "kind", "edition")


def _rulings(book: Rulebook) -> Iterable[Ruling]:
    return book.rulings().values()


def _described(found: CodedFindings) -> pl.DataFrame:
    """What the findings of each rule say alike, a row for each rule."""
    return pl.DataFrame([_describe(rule.ruling, rule.book) for rule in found.by_rule], schema=_DESCRIPTION)


def _table(
    rules: pl.DataFrame,
    arrays: Mapping[str, np.ndarray],
    cases: pl.DataFrame,
    words: tuple[str, ...],
    kinds: Mapping[str, pl.DataType],
) -> pl.DataFrame:
    """Every column but the message; those of text are of the types in ``kinds``.

    Values that many rows share are in small tables, each looked up once for all its columns.
    """
    place, number, kind = (pl.Series(array) for array in (arrays["case"], arrays["rule"], kinds_of(arrays["code"])))
    table = pl.concat(
        [
            cases.select("reference", *(pl.col(name).cast(kinds[name]) for name in ("council", "procedure")))[place],
            rules.select(pl.col(name).cast(kinds[name]) for name in _FROM_RULES)[number],
            _every_kind(kinds["verdict"], kinds["marks"])[kind],
            pl.DataFrame({name: arrays[name] for name in ("start", "due", "done")}),
            pl.DataFrame({"days_taken": arrays["taken"], "days_over": arrays["over"]}),
            *(_lists(name, arrays[name], words, kinds[name]).to_frame() for name in ("missing", "to_judge")),
        ],
        how="horizontal",
    )
    dates, days = pl.col("start", "due", "done"), pl.col("days_taken", "days_over")
    return table.with_columns(pl.when(dates < FAR).then((dates - EPOCH).cast(pl.Date)), pl.when(days >= 0).then(days))


@lru_cache(maxsize=2)
def _every_kind(verdict: pl.DataType, mark: pl.DataType) -> pl.DataFrame:
    """The verdict and the marks of every kind of finding, in the order of ``verdicts.kinds_of``."""
    verdicts, sets = [*VERDICTS, None, None], range(1 << len(MARKS))
    return pl.DataFrame(
        {
            "verdict": pl.Series(verdicts * len(sets), dtype=verdict),
            "marks": pl.Series([spell(bits, MARKS) for bits in sets for _ in verdicts], dtype=pl.List(mark)),
        }
    )


def _dates(name: str, places: Days) -> pl.Series:
    """Places in the calendar as dates; FAR is null."""
    days = pl.Series(name, places - EPOCH, dtype=pl.Int32)
    return days.set(pl.Series(places >= FAR), None).cast(pl.Date)


def _lists(name: str, bits: np.ndarray, words: tuple[str, ...], kind: pl.DataType) -> pl.Series:
    """Bits as lists of words; each distinct value is spelt out once."""
    some = np.flatnonzero(bits)  # most have none
    if not some.size:
        return _empty_lists(kind, 1 << len(bits).bit_length()).head(len(bits)).alias(name)
    values, which = np.unique(bits[some], return_inverse=True)
    places = np.zeros(len(bits), dtype=np.uint32)
    places[some] = which + 1
    spelt = [[], *(spell(int(value), words) for value in values), []]  # never one alone: polars repeats that slowly
    return pl.Series(name, spelt, dtype=pl.List(kind)).gather(pl.Series(places))


@lru_cache(maxsize=1)
def _empty_lists(kind: pl.DataType, count: int) -> pl.Series:
    """This many empty lists, made once for all batches of about this size."""
    return pl.Series([[], []], dtype=pl.List(kind)).gather(pl.repeat(0, count, dtype=pl.UInt32, eager=True))


def spell(bits: int, words: tuple[str, ...]) -> list[str]:
    """The words whose bits are set."""
    return [word for place, word in enumerate(words) if bits >> place & 1]


# --- messages -------------------------------------------------------------------------------------


def _describe(ruling: Ruling, book: Rulebook) -> dict[str, str]:
    """The values that every finding of a rule shares, and the words of its messages."""
    rule, rulings = ruling.rule, book.rulings()
    timed = book.timed_by(ruling)
    start, step = (timed.events[0], timed.events[-1]) if timed.events else ("", "")
    if isinstance(rule, Extension):
        step = rule.letter.sent if rule.letter else ""
    limit = getattr(timed, "within", None)
    note = ""
    if ruling.kind == "aim":
        note = f" ({phrases.KINDS['aim'].name}, so for a person to judge)"
    elif getattr(rule, "late", "breach") == "judgement":
        note = " (the rule is softened, so for a person to judge)"
    return {
        "rulebook": book.rulebook,
        "rule": ruling.name,
        "clause": ruling.clause,
        "kind": ruling.kind,
        "edition": book.edition,
        "_step": fields.noun(step),
        "_by": fields.noun(rule.by) if isinstance(rule, Timed) and rule.by else "",
        "_from": fields.noun(start),
        "_second": fields.noun(timed.or_start) if isinstance(timed, Timed) and timed.or_start else "",
        "_start_is_day": "1" if isinstance(timed, Timed) and book.begins(timed)[0] is Begins.DAY_ONE else "0",
        "_unit": "working day" if limit is None or counts_working_days(ruling, rulings) else "day",
        "_limit": f" ({_limits(timed)})" if limit else "",
        "_second_limit": str(timed.or_within) if isinstance(timed, Timed) and timed.or_within else "",
        "_note": note,
        "_asks": phrases.question(rule) if isinstance(rule, Question) else "",
        "_letter": ruling.letter.name if ruling.letter else "",
        "_choices": "; ".join(dict.fromkeys(_choices(ruling))),
        "_choice_words": ";".join(_choice_words(ruling)),
        "_unclear": "; ".join(map(short_doubt, ruling.unclear)),
        "_outside": f"the edition's last day is {book.last_day}" if book.last_day else "",
    }


#: The columns that ``_describe`` gives.
_DESCRIPTION = dict.fromkeys(
    (
        *_FROM_RULES,
        *("_step", "_by", "_from", "_second", "_start_is_day", "_unit", "_limit", "_second_limit"),
        *("_note", "_letter", "_asks", "_choices", "_choice_words", "_unclear", "_outside"),
    ),
    pl.String,
)


def _limits(rule: Rule) -> str:
    """The time limit of a rule, and the limit that applies if the stage is the case's first."""
    limit = getattr(rule, "within", None)
    first = getattr(rule, "within_if_first", None)
    if isinstance(rule, Timed) and rule.alternative:
        return phrases.asked(rule)
    return f"{limit}, or {first} {phrases.STARTS_HERE}" if first else str(limit)


def _choice_words(ruling: Ruling) -> Iterator[str]:
    """The words of a letter that are one of several which will do."""
    for part in ruling.parts:
        if isinstance(part.rule, Contents):
            yield from part.rule.holds_one_of


def _choices(ruling: Ruling) -> Iterator[str]:
    """The words of a letter of which any one will do, clause by clause."""
    for part in ruling.parts:
        if isinstance(part.rule, Contents) and part.rule.holds_one_of:
            yield f"any one of {', '.join(part.rule.holds_one_of)} will do"


def _messages(table: pl.DataFrame, rules: pl.DataFrame, arrays: Mapping[str, np.ndarray]) -> pl.Series:
    """One plain sentence for each finding, with its dates; each reason's sentence is made once for all.

    What can follow any sentence is made for all of them at once.
    """
    frame = table.with_columns(
        *rules.drop(_FROM_RULES).select(pl.all().gather(pl.lit(pl.Series(arrays["rule"])))),
        _dates("second", arrays["second"]),
        _dates("other_due", arrays["other_due"]),
        pl.Series("_moved", unpack_moved(arrays["code"])),
        pl.Series("_why", unpack_why(arrays["code"])),
    ).with_row_index("_place")
    frame = frame.with_columns(_after=pl.concat_str(*_AFTERTHOUGHTS, pl.lit(".")))
    parts = []
    for (code,), part in frame.partition_by("_why", as_dict=True).items():
        parts.append(part.select("_place", "_after", message=SENTENCES[Why(code)]))
    if not parts:
        return pl.Series("message", [], dtype=pl.String)
    message = pl.col("message")
    capital = message.str.head(1).str.to_uppercase() + message.str.slice(1) + pl.col("_after")
    return pl.concat(parts).sort("_place").select(capital)["message"]


def _afterthoughts() -> Iterator[pl.Expr]:
    """The rest of a message: words left for judgement, and the marks that need explaining."""
    doubts = pl.col("to_judge")
    notes = {
        "before_edition": pl.lit("the case is older than this edition"),
        "after_edition": pl.format("the case is newer than this edition: {}", pl.col("_outside")),
        "provisional": pl.lit("the date is provisional: the days off so far ahead are not all known"),
    }
    yield (
        pl.when(doubts.list.len() > 0)
        .then(pl.format("; only a person can say whether the case called for: {}", doubts.list.join(", ")))
        .otherwise(pl.lit(""))
    )
    lacks_choice = pl.col("missing").list.set_intersection(pl.col("_choice_words").str.split(";")).list.len() > 0
    yield pl.when(lacks_choice).then(pl.format(" ({})", pl.col("_choices"))).otherwise(pl.lit(""))
    for name, note in notes.items():
        shown = pl.col("marks").list.contains(name)
        yield pl.when(shown).then(pl.concat_str(pl.lit("; "), note)).otherwise(pl.lit(""))
    doubtful = pl.col("marks").list.contains("source_unclear") & (pl.col("_unclear") != "")
    doubt = pl.format("; the source leaves this in doubt: {}", pl.col("_unclear"))
    yield pl.when(doubtful).then(doubt).otherwise(pl.lit(""))


_AFTERTHOUGHTS = tuple(_afterthoughts())


def _text(template: str) -> pl.Expr:
    """A sentence from a template: ``{due}`` is a date, ``{over}`` and ``{taken}`` a number with its unit."""
    parts = re.split(r"\{(\w+)\}", template)
    return pl.concat_str(_WORDS[part] if place % 2 else pl.lit(part) for place, part in enumerate(parts) if part)


def _date(column: str) -> pl.Expr:
    return pl.col(column).dt.to_string("%Y-%m-%d").fill_null("no date")


def _count(column: str) -> pl.Expr:
    count = pl.col(column).fill_null(0)
    plural = pl.when(count == 1).then(pl.lit("")).otherwise(pl.lit("s"))
    return pl.concat_str(count.cast(pl.String), pl.lit(" "), pl.col("_unit"), plural)


_START = pl.concat_str(pl.col("_from"), pl.lit(" on "), _date("start"))


def _either(day_one: str, day_zero: str = "") -> pl.Expr:
    """Words for a count in which the start is day 1, and for others."""
    return pl.when(pl.col("_start_is_day") == "1").then(pl.lit(day_one)).otherwise(pl.lit(day_zero))


def _since() -> pl.Expr:
    """', 5 working days after receipt on 2026-01-05', or that it came before, or the start has no date."""
    after = pl.concat_str(
        pl.lit(", "), _count("days_taken"), _either(" with ", " after "), _START, _either(" as day 1")
    )
    before = pl.concat_str(pl.lit(", before "), _START)
    return (
        pl.when(pl.col("start").is_null())
        .then(pl.concat_str(pl.lit(", where "), pl.col("_from"), pl.lit(" has no date")))
        .when(pl.col("done") < pl.col("start"))
        .then(before)
        .otherwise(after)
    )


def _counted() -> pl.Expr:
    """', counted from receipt on 2026-01-05', or what is known about the start if it has no date."""
    unknown = pl.concat_str(pl.lit(", counted from the latest day of "), pl.col("_from"), pl.lit(", which has no date"))
    unknown = pl.when(pl.col("due").is_null()).then(pl.lit("")).otherwise(unknown)
    known = pl.concat_str(pl.lit(", counted from "), _START, _either(" as day 1"))
    return pl.when(pl.col("start").is_null()).then(unknown).otherwise(known)


def _due() -> pl.Expr:
    """'due by 2026-01-12 (5 working days)', with the date on another reading, or why there is none."""
    limit = pl.when(pl.col("_moved")).then(pl.lit(" (as extended or held)")).otherwise(pl.col("_limit"))
    other = pl.format(", or by {} on another reading of the source", _date("other_due"))
    other = pl.when(pl.col("other_due").is_null()).then(pl.lit("")).otherwise(other)
    unknown = pl.format("the due date cannot be worked out, as {} has no date", pl.col("_from"))
    return (
        pl.when(pl.col("due").is_not_null())
        .then(pl.concat_str(pl.lit("due by "), _date("due"), limit, other))
        .when(pl.col("start").is_null())
        .then(unknown)
        .otherwise(pl.lit("no due date while on hold"))
    )


_WORDS: dict[str, pl.Expr] = {
    "step": pl.col("_step"),
    "from": pl.col("_from"),
    "by": pl.col("_by"),
    "second": pl.col("_second"),
    "note": pl.col("_note"),
    "letter": pl.col("_letter"),
    "asks": pl.col("_asks"),
    "start": _date("start"),
    "done": _date("done"),
    "second_date": _date("second"),
    "due": _due(),
    "other_due": _date("other_due"),
    "second_limit": pl.col("_second_limit"),
    "due_date": _date("due"),
    "taken": _count("days_taken"),
    "over": _count("days_over"),
    "since": _since(),
    "counted": _counted(),
    "if_done": pl.when(pl.col("done").is_null()).then(pl.lit("")).otherwise(pl.lit(" of ") + _date("done")),
    "by_when": pl.when(pl.col("due").is_null())
    .then(pl.lit(""))
    .otherwise(pl.concat_str(pl.lit(", by "), pl.col("_by"), pl.lit(" on "), _date("due"))),
    "missing": pl.col("missing").list.join(", "),
    "done_or_not": pl.when(pl.col("done").is_null())
    .then(pl.lit("is not recorded"))
    .otherwise(pl.concat_str(pl.lit("was on "), _date("done"))),
}

#: The sentence of each reason, without its first capital and its full stop.
SENTENCES: dict[Why, pl.Expr] = {why: _text(phrases.REASONS[why.name]) for why in Why}
