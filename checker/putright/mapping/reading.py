"""Mapping files read and checked: every mistake is reported with its place."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from putright import fields
from putright.fields import Type, Vocabulary
from putright.files.tables import key
from putright.files.yamlfiles import Place
from putright.mapping import dateformats
from putright.mapping.mappingfile import (
    ANY_STAGE,
    BUILT_IN,
    LAST_STAGE,
    NONE,
    Mapping,
    MappingError,
    Source,
    Target,
    Words,
)
from putright.records import parsing
from putright.rulebooks.modelfiles import read_with_places

_Found = Iterator[tuple[Place, str]]


def read_mapping(path: Path, vocabulary: Vocabulary = BUILT_IN) -> Mapping:
    """Read and check a mapping file; MappingError lists every mistake with its place.

    ``vocabulary`` has the plugins' own words for letter contents, and their flags.
    """
    expected = "a mapping: keys and values, beginning with 'layout:'"
    mapping, document = read_with_places(path, Mapping, expected, MappingError)
    mapping.remember(document, vocabulary)
    if found := [mapping.problem(place, text) for place, text in _mistakes(mapping, vocabulary)]:
        raise MappingError.of(found)
    return mapping


def _mistakes(mapping: Mapping, words: Vocabulary) -> _Found:
    yield from _layout_mistakes(mapping)
    yield from _date_mistakes(mapping)
    yield from _word_mistakes(mapping, words)
    for name, source in mapping.fields.items():
        yield from _source_mistakes(mapping, name, source, words)
    yield from _event_mistakes(mapping)
    yield from _status_mistakes(mapping)
    yield from _twice(mapping)
    yield from _ignored(mapping)
    for i, question in enumerate(mapping.questions):
        if question.first:
            yield ("questions", i), f"answer this first, then take it away: {question.ask}"


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


_NEEDED = {"case": (), "stage": ("case", "stage"), "event": ("case", "event", "date", "events")}


_ALLOWED = {
    "case": (),
    "stage": ("case", "stage"),
    "event": ("case", "stage", "event", "date", "events", "ignore_events"),
}


def _layout_mistakes(mapping: Mapping) -> _Found:
    layout = mapping.layout
    if mapping.sheet is not None and mapping.sheets is not None:
        yield ("sheets",), "'sheet' names one sheet already: take it or 'sheets' away"
    for name in ("case", "stage", "event", "date", "events", "ignore_events"):
        given = bool(getattr(mapping, name))
        if name in _NEEDED[layout] and not given:
            yield (), f"'{name}' is missing: layout {layout} needs {', '.join(_NEEDED[layout])}"
        elif given and name not in _ALLOWED[layout]:
            yield (name,), f"'{name}' has no meaning in layout {layout}"
    if layout == "case" and "reference" not in mapping.fields:
        yield ("fields",), "nothing gives 'reference': name the column with the case number"
    if "received" not in mapping.given():
        yield ("fields",), "nothing gives 'received': name what holds the day the complaint was received"
    if layout == "event" and mapping.status:
        yield ("status",), "'status' has no meaning in layout event: its words go under 'events'"


def _date_mistakes(mapping: Mapping) -> _Found:
    listed: list[tuple[Place, tuple[str, ...]]] = [(("dates",), mapping.dates)]
    listed += [(("fields", name, "dates"), source.dates) for name, source in mapping.fields.items()]
    listed += [(("status", i, "dates"), status.dates) for i, status in enumerate(mapping.status)]
    for place, formats in listed:
        for i, name in enumerate(formats):
            if problem := dateformats.problem(name):
                yield (*place, i), f"date format {name!r} {problem}{_near(name, dateformats.NAMED)}"
    if not mapping.dates:
        yield ("dates",), f"no date format is given: use one of {', '.join(dateformats.NAMED)}, or a pattern"


def target_mistake(kind: Type, word: str, words: Vocabulary) -> str | None:
    """Why a word is not one of ours; None if it is."""
    known: Collection[str] = {
        Type.BOOLEAN: ("true", "false"),
        Type.OUTCOME: fields.OUTCOMES,
        Type.PROCEDURE: words.every_procedure(),
        Type.CONTENTS: (*words.words, NONE),
    }.get(kind, ())
    if kind is Type.POUNDS and (wrong := amount_mistake(word)):
        return wrong
    for part in (part.strip() for part in word.split(";")):
        if known and part not in known:
            nouns = {Type.BOOLEAN: "true or false", Type.CONTENTS: "a word for letter contents"}
            hint = _near(part, known) or f"; use one of {', '.join(known)}"
            return f"{part!r} is not {nouns.get(kind, f'a known {kind}')}{hint}"
    return None


def amount_mistake(word: str) -> str | None:
    """Why a word is not an amount in pounds; None if it is."""
    try:
        parsing.parse_pounds(word)
    except parsing.UnreadableValue as error:
        return f"{word!r} is {error}"
    return None


def _word_mistakes(mapping: Mapping, words: Vocabulary) -> _Found:
    for name in Words.model_fields:
        kind = next(kind for kind in Type if mapping.words.of(kind) is getattr(mapping.words, name))
        yield from _table_mistakes(("words", name), getattr(mapping.words, name), kind, words)


def _table_mistakes(place: Place, table: dict[str, str | None], kind: Type, words: Vocabulary) -> _Found:
    seen: dict[str, str | None] = {}
    for theirs, ours in table.items():
        if ours is not None and (problem := target_mistake(kind, ours, words)):
            yield (*place, theirs), problem
        if seen.setdefault(key(theirs), ours) != ours:
            yield (*place, theirs), f"{theirs!r} is given two meanings (case and blanks do not matter)"


def _source_mistakes(mapping: Mapping, name: str, source: Source, words: Vocabulary) -> _Found:
    place: Place = ("fields", name)
    if wrong := _no_field(mapping, name):
        yield place, wrong
        return
    kind = mapping.dictionary[next(iter(mapping.expand(name)))].type
    yield from ((place, text) for text in _shape_mistakes(name, source, kind))
    yield from _table_mistakes((*place, "words"), source.words, kind, words)
    for column, word in source.ticks.items():
        if problem := target_mistake(kind, word, words):
            yield (*place, "ticks", column), problem
    if source.constant is not None and (problem := _constant_mistake(source.constant, kind, words)):
        yield (*place, "constant"), problem
    is_staged = name.startswith(ANY_STAGE) or mapping.dictionary[name].stage
    if source.take == LAST_STAGE and (not mapping.stage or is_staged):
        yield (*place, "take"), f"'{LAST_STAGE}' is for a field of the whole case, where 'stage:' says the row's stage"
    if source.stage and not mapping.stage:
        yield (*place, "stage"), "'stage' needs the column that says the stage: give 'stage:' at the top"
    if source.stage and name.startswith(ANY_STAGE):
        yield (*place, "stage"), f"{name} is already of the row's own stage: name the field itself instead"
    if source.event and mapping.layout != "event":
        yield (*place, "event"), f"'event' has no meaning in layout {mapping.layout}"
    known = {key(word) for word in (*mapping.events, *mapping.ignore_events)}
    for i, word in enumerate(source.event if mapping.layout == "event" else ()):
        if key(word) not in known:
            yield (*place, "event", i), f"{word!r} is not a word under 'events'{_near(word, mapping.events)}"


def _no_field(mapping: Mapping, name: str) -> str | None:
    if not mapping.expand(name):
        staged = [ANY_STAGE + field.part for field in mapping.dictionary.values() if field.stage == 2]
        return f"'{name}' is not a field of a case record{_near(name, [*mapping.dictionary, *staged])}"
    if name.startswith(ANY_STAGE) and not mapping.stage:
        return f"'{name}' needs the column that says the stage: give 'stage:', or name the stage's own field"
    return None


def _shape_mistakes(name: str, source: Source, kind: Type) -> Iterator[str]:
    """Check that the parts of a field's source fit each other and the field's type."""
    lists = kind in (Type.CONTENTS, Type.FLAGS)
    ways = {
        "column": source.column is not None,
        "columns": bool(source.columns),
        "constant": source.constant is not None,
        "from: and to": bool(source.begins or source.ends),
    }
    given = [way for way, there in ways.items() if there]
    if len(given) != 1 and not (source.ticks and not given):
        yield f"'{name}': needs a column, columns, a constant{', ticks' if lists else ''} - one of them"
    if source.ticks and not lists:
        yield f"'{name}' is a {kind}: 'ticks' are for lists of letter contents and flags"
    if source.begins or source.ends:
        if kind is not Type.HOLDS:
            yield f"'{name}' is a {kind}: 'from' and 'to' are for holds"
        if len(source.begins) != len(source.ends):
            yield f"'{name}': 'from' and 'to' must name as many columns as each other"
    if source.columns and kind not in (Type.DATE, Type.CONTENTS, Type.FLAGS, Type.HOLDS):
        yield f"'{name}' is a {kind}: several columns are for dates and lists"
    if len(source.columns) > 1 and kind is Type.DATE and source.take is None:
        yield f"'{name}': several columns for one date need 'take: first' (the earliest) or 'take: last'"
    if source.take and kind is not Type.DATE:
        yield f"'{name}' is a {kind}: 'take' is for dates"
    if source.dates and kind not in (Type.DATE, Type.HOLDS):
        yield f"'{name}' is a {kind}: 'dates' are for dates"
    if source.words and kind in (Type.DATE, Type.HOLDS):
        yield f"'{name}' is a {kind}: 'words' have no meaning for it"


def _constant_mistake(text: str, kind: Type, words: Vocabulary) -> str | None:
    if kind is Type.DATE:
        try:
            dateformats.parse(text, ("iso",))
        except dateformats.DateError:
            return f"the constant {text!r} is not a date: write it as 2026-11-22"
    return target_mistake(kind, text, words)


def _event_mistakes(mapping: Mapping) -> _Found:
    takes: dict[str, str] = {}
    seen: dict[str, Target] = {}
    for word, target in mapping.events.items():
        place: Place = ("events", word)
        if wrong := _no_field(mapping, target.field):
            yield place, wrong
            continue
        kind = mapping.dictionary[next(iter(mapping.expand(target.field)))].type
        if kind is Type.HOLDS and not target.marks:
            yield place, f"'{target.field}' is a hold: say 'marks: begin' or 'marks: end'"
        elif kind not in (Type.HOLDS, Type.DATE):
            yield place, f"'{target.field}' is a {kind}: an event gives a date"
        elif kind is Type.DATE and target.marks:
            yield place, f"'{target.field}' is a {kind}: 'marks' is for holds"
        if target.take and takes.setdefault(target.field, target.take) != target.take:
            yield place, f"'{target.field}' is to take the {takes[target.field]} by another word: say the same here"
        if seen.setdefault(key(word), target) != target:
            yield place, f"{word!r} is given two meanings (case and blanks do not matter)"
        if key(word) in {key(other) for other in mapping.ignore_events}:
            yield place, f"{word!r} is under 'ignore_events' as well"


def _status_mistakes(mapping: Mapping) -> _Found:
    for i, status in enumerate(mapping.status):
        for word, name in status.words.items():
            place: Place = ("status", i, "words", word)
            if name and (wrong := _no_field(mapping, name)):
                yield place, wrong
            elif name and mapping.dictionary[next(iter(mapping.expand(name)))].type is not Type.DATE:
                yield place, f"'{name}' is not a date: a status word names an event"
        if status.take == LAST_STAGE and not mapping.stage:
            yield (
                ("status", i, "take"),
                f"'{LAST_STAGE}' needs the column that says the stage: give 'stage:' at the top",
            )


def _twice(mapping: Mapping) -> _Found:
    """A field that two entries give, for example stage1_responded and stageN_responded."""
    seen: dict[str, str] = {}
    for name in mapping.fields:
        for field in mapping.expand(name):
            if seen.setdefault(field, name) != name:
                yield ("fields", name), f"'{field}' is given twice, by '{seen[field]}' and '{name}'"


def _ignored(mapping: Mapping) -> _Found:
    used = {key(column) for _, column in mapping.columns()}
    for i, column in enumerate(mapping.ignore):
        if key(column) in used:
            yield ("ignore", i), f"column {column!r} is read elsewhere in the mapping, so it cannot be ignored"
