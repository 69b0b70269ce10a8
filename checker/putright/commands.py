"""What each command does, from its options to its exit code; ``cli`` reads the options.

Heavy imports wait until a command needs them, so that help comes at once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from putright.mistakes import Mistake

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console, RenderableType

    from putright.batches import Opener
    from putright.plugins import Host
    from putright.records import Records
    from putright.rulebooks import Rulebook
    from putright.summary import Tally

#: An audit of more rows than this says how far it has come.
_LONG = 50_000


class UsageError(Mistake):
    """A command cannot run as given; the text is one plain sentence."""


def _host(options: argparse.Namespace) -> Host:
    from putright.plugins import load

    only = options.only_plugins
    return load(None if only is None else [name for name in only.replace(",", " ").split() if name])


def _council(options: argparse.Namespace, host: Host) -> str | None:
    name: str | None = options.council.strip().lower() if options.council else None
    if name and name not in host.councils:
        raise UsageError(f"no plugin is a council named {options.council!r}; known: {', '.join(host.councils)}.")
    return name


def _records(options: argparse.Namespace, host: Host) -> Records:
    from putright.records import read_records

    if options.mapping is not None:
        return _mapped_records(options, host)
    return read_records(options.cases, host.councils, host.words, _council(options, host))


def _mapped_records(options: argparse.Namespace, host: Host) -> Records:
    from putright.mapping import apply, read_mapping
    from putright.readers import read_table
    from putright.records import make_records

    table = apply(read_mapping(options.mapping, tuple(host.words)), read_table(options.cases))
    return make_records(table, host.councils, host.words, _council(options, host))


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    file = sys.stderr if stderr else sys.stdout
    # A pipe has no width of its own; 80 columns would fold the tables.
    return Console(file=file, width=None if file.isatty() else 120, highlight=False, soft_wrap=False)


def run_audit(options: argparse.Namespace) -> int:
    """Audit a file of case records."""
    from putright import outputs, summary

    form = outputs.format_of(options.output, options.format)
    if options.start and options.end and options.end < options.start:
        raise UsageError(f"--to {options.end} comes before --from {options.start}.")
    _spare_the_cases(options)
    host = _host(options)
    as_at = options.as_at or dt.date.today()
    tally = summary.Tally(as_at)
    # A Parquet file leaves the messages out unless they are asked for.
    messages = form is not None and (form != "parquet" or options.messages)
    findings = _findings(options, host, tally, messages=messages)
    if form is None:
        deque(findings, maxlen=0)
    else:
        if form == "parquet" and not messages:
            findings = (frame.drop("message") for frame in findings)
        outputs.write_batches(findings, options.output or outputs.STANDARD_OUTPUT, form)
    figures = summary.summarise(tally, host)
    rejected = tally.rejected_rows()
    if options.rejected:
        outputs.write_table(rejected, str(options.rejected), "jsonl")
    if options.summary:
        outputs.write_json(figures, options.summary)
    written = options.output is not None and options.output != outputs.STANDARD_OUTPUT
    parts: Iterable[RenderableType]
    if form is None or written:
        parts = summary.render(figures, rejected)
    else:
        parts = summary.reconciliation(figures, rejected, every=True)
    # Standard output holds the findings and nothing else where they are asked for.
    console = _console(stderr=form is not None)
    for part in parts:
        console.print(part)
    if written:
        console.print(f"{tally.findings:,} findings written to {options.output}", markup=False)
    return 1 if options.strict and tally.found_something else 0


def _findings(options: argparse.Namespace, host: Host, tally: Tally, *, messages: bool) -> Iterator[pl.DataFrame]:
    """The findings of the file, a batch at a time, counted in the tally as they come."""
    from putright.audit import Period, audit
    from putright.batches import record_batches

    period = Period(options.start, options.end)
    with _Progress() as progress:
        for records in record_batches(_tables(options, host), host, _council(options, host)):
            found = audit(records, host, tally.as_at, period, every=options.every, messages=messages)
            tally.add(found, records)
            progress.show(tally.counts["rows_read"])
            yield found.findings


def _tables(options: argparse.Namespace, host: Host) -> Opener:
    """How to open the file of cases, from its start."""
    from putright.readers import read_tables

    return _mapped(options, host, lambda: read_tables(options.cases))


def _mapped(options: argparse.Namespace, host: Host, tables: Opener) -> Opener:
    """The tables as the mapping makes them case records, where one is given."""
    if options.mapping is None:
        return tables
    from putright.mapping import mapped, read_mapping

    mapping = read_mapping(options.mapping, tuple(host.words))
    return lambda: mapped(mapping, tables())


def _spare_the_cases(options: argparse.Namespace) -> None:
    """No output may take the place of the records themselves."""
    for name in filter(None, (options.output, options.summary, options.rejected)):
        path = Path(name)
        if path.exists() and options.cases.exists() and path.samefile(options.cases):
            raise UsageError(f"{name} is the file of cases itself: write to another.")


class _Progress:
    """A bar on standard error for long work at a terminal; otherwise silence.

    How many rows a file has is not known before it is read, so the bar moves and the count tells.
    """

    def __init__(self) -> None:
        self._bar: Any = None

    def show(self, rows: int) -> None:
        """So many rows have been judged."""
        if self._bar is None and rows > _LONG and sys.stderr.isatty():
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (BarColumn(), TextColumn("{task.completed:,} rows judged"), TimeElapsedColumn())
            self._bar = Progress(*columns, console=_console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=None)
            self._bar.start()
        if self._bar is not None:
            self._bar.update(self._task, completed=rows)

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def run_explain(options: argparse.Namespace) -> int:
    """Explain one case: every rule, its clause and its days."""
    from putright import explanation

    host = _host(options)
    records = _records(options, host)
    as_at = options.as_at or dt.date.today()
    explained = explanation.explain(records, host, options.reference.strip(), as_at, every=options.every)
    if options.format == "json":
        print(json.dumps(explanation.as_data(explained), indent=2, ensure_ascii=False))
    else:
        print("\n".join(explanation.lines(explained)))
    return 0


def run_map(options: argparse.Namespace) -> int:
    """Propose a mapping: how an export in another layout becomes case records."""
    from putright import outputs, proposing
    from putright.readers import read_table

    to_file = options.output != outputs.STANDARD_OUTPUT
    if to_file and Path(options.output).exists() and not options.force:
        raise UsageError(f"{options.output} is there already: give another name, or --force to write over it.")
    proposal = proposing.proposal(read_table(options.export))
    if to_file:
        with outputs.whole_file(Path(options.output)) as file:
            file.write(proposal.text.encode("utf-8"))
        print(f"Proposed mapping written to {options.output}: check every line, each says why it is there.")
    else:
        print(proposal.text, end="")
    for item in proposal.left or ("nothing; check it all the same",):
        print(f"  left to do: {item}", file=sys.stdout if to_file else sys.stderr)
    return 0


def run_due(options: argparse.Namespace) -> int:
    """Show the dates that follow from a receipt or any later event."""
    from putright import explanation, fields

    events = dict(options.event) | ({"received": options.received} if options.received else {})
    if not events:
        raise UsageError("give --received DATE, or --event FIELD=DATE.")
    for name in events:
        if name not in fields.DATES:
            raise UsageError(f"{name!r} is no date of a case record; dates: {', '.join(fields.DATES)}.")
    if options.procedure not in fields.PROCEDURES:
        raise UsageError(f"no procedure is named {options.procedure!r}; known: {', '.join(fields.PROCEDURES)}.")
    host = _host(options)
    dates = explanation.due_dates(host, _council(options, host), options.procedure, events, ";".join(options.flag))
    if options.format == "json":
        print(json.dumps([explanation.due_data(date) for date in dates], indent=2, ensure_ascii=False))
    else:
        print("\n".join(explanation.due_lines(dates)))
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Look for each clause and figure of a rulebook in the council's own document."""
    from putright import documents, verification

    lines = documents.read_lines(options.document)
    results = [verification.verify(book, lines) for book in _policies(options, _host(options))]
    if options.format == "json":
        data = [item for result in results for item in verification.as_data(result)]
        print(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        console = _console()
        for result in results:
            for part in verification.render(result):
                console.print(part)
    lost = any(checked.found != "in the clause" for result in results for checked in result)
    return 1 if options.strict and lost else 0


def _policies(options: argparse.Namespace, host: Host) -> list[Rulebook]:
    """The rulebooks that a command is about: a council's latest editions, or the one in a file."""
    if options.policy.endswith((".yaml", ".yml")) or Path(options.policy).is_file():
        from putright.reading import read_rulebook

        return [read_rulebook(Path(options.policy), frozenset(host.words))]
    council = options.policy.strip().lower()
    own = {name: books[-1] for name, books in host.editions.items() if name.startswith(f"{council}.")}
    if council not in host.councils or not own:
        raise UsageError(
            f"no plugin is a council named {options.policy!r}; known: {', '.join(host.councils)}. "
            "A rulebook that is not installed is named by its path, as testshire.yaml."
        )
    wanted = options.procedure and f"{council}.{options.procedure}"
    if wanted and wanted not in own:
        raise UsageError(f"there is no rulebook {wanted}; of this council there are {', '.join(own)}.")
    return [own[wanted]] if wanted else list(own.values())


def run_sample(options: argparse.Namespace) -> int:
    """Write synthetic cases of a council, with realistic faults."""
    from putright import sample

    if options.cases < 1:
        raise UsageError("--cases must be 1 or more.")
    host = _host(options)
    council = _council(options, host)
    assert council is not None
    ending = options.year_ending or dt.date.today()
    rows = sample.sample(host, council, options.cases, options.seed, year_ending=ending)
    sample.write_sample(rows, options.output)
    print(f"{len(rows):,} synthetic cases of {council} written to {options.output} (seed {options.seed}).")
    return 0


def run_ombudsman(options: argparse.Namespace) -> int:
    """Set what the Ombudsman counted in published decisions beside our count."""
    from putright import ombudsman

    console = _console()
    for part in ombudsman.render(ombudsman.compare(_host(options))):
        console.print(part)
    return 0


def run_rules(options: argparse.Namespace) -> int:
    """List every rule with its clause, authority and kind."""
    from putright import catalogue

    host = _host(options)
    entries = catalogue.catalogue(host, _council(options, host))
    if options.format == "json":
        print(json.dumps(entries, indent=2, ensure_ascii=False))
        return 0
    console = _console()
    for part in catalogue.render(entries):
        console.print(part)
    return 0


def run_plugins(options: argparse.Namespace) -> int:
    """List the plugins: version, rulebooks, hooks."""
    host = _host(options)
    listed = [
        {
            "name": plugin.name,
            "version": plugin.version,
            "rulebooks": [f"{book.rulebook} ({book.edition})" for book in plugin.rulebooks],
            "hooks": list(plugin.hooks),
        }
        for plugin in host.plugins
    ]
    if options.format == "json":
        print(json.dumps(listed, indent=2, ensure_ascii=False))
        return 0
    for plugin in listed:
        print(f"{plugin['name']} {plugin['version']}")
        print(f"  rulebooks: {', '.join(plugin['rulebooks']) or 'none'}")
        print(f"  hooks: {', '.join(plugin['hooks']) or 'none'}")
    return 0
