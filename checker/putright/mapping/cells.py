"""Convert the cells of an export: what each distinct text means under a mapping."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import polars as pl

from putright import fields
from putright.fields import Type
from putright.files.tables import key
from putright.mapping import dateformats
from putright.mapping.mappingfile import NONE, Mapping, Source
from putright.records import parsing

#: A column with more distinct values than this is converted cell by cell.
_FEW = 20_000
#: Converts a text; None if the text is used unchanged.
Parse = Callable[[str], str] | None


class _Unreadable(ValueError):
    """A value that the mapping cannot convert; the text says why."""


class _OutOfOrder(ValueError):
    """A hold that can be read and ends before it begins."""


# --- values ---------------------------------------------------------------------------------------


def parser(mapping: Mapping, name: str, source: Source) -> Parse:
    """The converter for a field; None for a text field without words of its own, which is used unchanged."""
    kind = mapping.dictionary[name].type
    if kind is Type.DATE:
        return date_parser(source.dates or mapping.dates, mapping.zone)
    if kind is Type.HOLDS:
        return partial(_holds, separator=source.separator or mapping.separator)
    table = word_table(mapping, kind, source)
    if kind is Type.POUNDS:
        return (lambda text: table.get(key(text), text) or "") if table else None
    if kind in (Type.CONTENTS, Type.FLAGS):
        return partial(_list, table=table, kind=kind, separator=source.separator or mapping.separator)
    return partial(one_word, table=table, kind=kind) if table or kind is not Type.TEXT else None


def word_table(mapping: Mapping, kind: Type, source: Source) -> dict[str, str | None]:
    """The words that apply: our own, then the mapping's, then the field's; later ones override."""
    # Words of a tick-box list are words for its own values, not for true and false.
    own = source.words if kind is not Type.BOOLEAN or not source.ticks else {}
    ours = {
        Type.BOOLEAN: ("true", "false"),
        Type.OUTCOME: fields.OUTCOMES,
        Type.PROCEDURE: mapping.vocabulary.every_procedure(),
        Type.CONTENTS: (*mapping.vocabulary.words, NONE),
        Type.FLAGS: (*fields.FLAGS, *(flag for flags in mapping.vocabulary.flags.values() for flag in flags)),
    }.get(kind, ())
    given = {key(theirs): word for theirs, word in (mapping.words.of(kind) | own).items()}
    targets = {word: word for value in given.values() if value for word in value.split(";")}
    return {**targets, **{word: word for word in ours}, **given}


def date_parser(formats: tuple[str, ...], zone: str) -> Callable[[str], str]:
    """The converter for dates in these formats; ``zone`` is that of times that name none."""
    return lambda text: dateformats.parse(text, formats, zone).isoformat()


def one_word(text: str, table: dict[str, str | None], kind: Type) -> str:
    """What one word means."""
    if key(text) not in table:
        raise _Unreadable(f"no {'value' if kind is Type.TEXT else f'word for {kind}'} in the mapping")
    return table[key(text)] or ""


def _list(text: str, table: dict[str, str | None], kind: Type, separator: str) -> str:
    """The words of a list; letter contents with no known word at all are ``none``."""
    parts = [part for part in text.split(separator) if part.strip()]
    words = [word for part in parts for word in one_word(part, table, kind).split(";") if word]
    if kind is Type.CONTENTS:
        if NONE in words and len(set(words)) > 1:
            raise _Unreadable(f"'{NONE}' cannot have other words next to it")
        words = words or [NONE] * bool(parts)
    return ";".join(dict.fromkeys(words))


def _holds(text: str, separator: str) -> str:
    found = ";".join(part.strip() for part in text.split(separator))
    try:
        parsing.parse_holds(found)
    except parsing.OutOfOrder as error:
        raise _OutOfOrder(str(error)) from None
    except parsing.UnreadableValue as error:
        raise _Unreadable(str(error)) from None
    return found


# --- whole columns --------------------------------------------------------------------------------


def parsed(text: pl.Series, parse: Callable[[str], str]) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Every distinct text converted, why the others cannot be, and which of those are only out of order."""
    parsing, reasons, out_of_order = {}, {}, []
    for value in text.unique().to_list():
        try:
            parsing[value] = parse(value)
        except ValueError as error:
            reasons[value] = str(error)
            if isinstance(error, _OutOfOrder):
                out_of_order.append(value)
    return parsing, reasons, out_of_order


def replaced(text: pl.Series, table: dict[str, str]) -> pl.Series:
    """A column with each text replaced from the table; null if it is not there."""
    return text.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.String)


def by_value(text: pl.Series, turn: Callable[[str], object], dtype: type[pl.DataType]) -> pl.Series:
    """A column computed once for each distinct text."""
    known = text.drop_nulls().unique().to_list()
    return text.replace_strict(known, [turn(value) for value in known], default=None, return_dtype=dtype)


def trimmed(cells: pl.Series, blank: Collection[str]) -> pl.Series:
    """Cells without surrounding blanks; null if nothing is left, or only a word that means 'not recorded'."""
    distinct = cells.drop_nulls().unique()
    if len(distinct) > _FEW:  # as case numbers are: a word that means nothing is hardly worth a dictionary
        text = cells.str.strip_chars()
        short = distinct.filter(distinct.str.len_chars() <= 2 * max(map(len, blank), default=0))
        words = [word.strip() for word in short.to_list() if key(word) in blank]
        return text.set(text.is_in(["", *words]), None)
    changed: dict[str, str | None] = {}
    for value in distinct.to_list():
        kept = value.strip() or None
        if kept and key(kept) in blank:
            kept = None
        if kept != value:
            changed[value] = kept
    return cells.replace(list(changed), list(changed.values())) if changed else cells
