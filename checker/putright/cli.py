"""The command line: ``putright audit``, ``explain``, ``due``, ``sample``, ``rules``, ``ombudsman``, ``plugins``.

Heavy imports wait until a command needs them, so that help comes at once. Exit codes: 0 it ran,
1 it ran, ``--strict`` was given and something was found, 2 it could not run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from putright import __version__

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console, RenderableType

    from putright.batches import Opener
    from putright.plugins import Host
    from putright.records import Records
    from putright.summary import Tally

#: An audit of more rows than this says how far it has come.
_LONG = 50_000


class UsageError(Exception):
    """A command cannot run as given; the text is one plain sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Mistakes of any kind are a sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:  # the reader has gone: nothing more can be said, at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("putright: stopped.", file=sys.stderr)
        return 130
    except _mistakes() as error:
        print("\n".join(f"putright: {line}" for line in str(error).splitlines()), file=sys.stderr)
        return 2


def _mistakes() -> tuple[type[Exception], ...]:
    """Everything a user can get wrong (asked for only when something was)."""
    from putright.explanation import NotFound
    from putright.mappingfile import MappingError
    from putright.outputs import WriteError
    from putright.plugins import PluginError
    from putright.readers import ReadError
    from putright.reading import RulebookError

    return (UsageError, MappingError, NotFound, WriteError, PluginError, ReadError, RulebookError)


# --- arguments ------------------------------------------------------------------------------------


def _date(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year < 2200:
        raise argparse.ArgumentTypeError(f"{text!r} is no date between 1900 and 2199: write it as 2026-11-22")
    return day


def _event(text: str) -> tuple[str, dt.date]:
    name, equals, day = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r}: write an event as stage2_requested=2026-11-22")
    return name.strip(), _date(day.strip())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="putright",
        description="Audits complaint cases against the Ombudsman's Complaint Handling Code and a council's "
        "own procedure, and shows the clause and the days behind every verdict.",
    )
    parser.add_argument("--version", action="version", version=f"putright {__version__}")
    parser.add_argument(
        "--only-plugins", metavar="NAME,NAME", help="load these plugins and no others (the national one always is)"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _audit_arguments(commands)
    _explain_arguments(commands)
    _due_arguments(commands)
    _map_arguments(commands)
    _other_arguments(commands)
    return parser


def _command(commands: Any, name: str, run: Any, about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser


def _cases_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "cases",
        type=Path,
        metavar="CASES",
        help="case records: .csv, .xlsx, .jsonl or .parquet (.csv.gz and .jsonl.gz too)",
    )
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="how the file's own layout becomes case records")


def _map_arguments(commands: Any) -> None:
    parser = _command(commands, "map", _map, "Propose a mapping: how an export in another layout becomes case records.")
    parser.add_argument("export", type=Path, metavar="EXPORT", help="the export: .csv, .xlsx, .jsonl or .parquet")
    parser.add_argument("--output", required=True, metavar="FILE", help="where to write it; - is standard output")
    parser.add_argument("--force", action="store_true", help="write over a mapping that is there already")


def _as_at_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--council", help="the council of rows that name none; without it only national rules apply")
    parser.add_argument("--as-at", type=_date, metavar="DATE", default=None, help="the audit date; today if not given")


def _audit_arguments(commands: Any) -> None:
    parser = _command(commands, "audit", _audit, "Audit a file of case records.")
    _cases_arguments(parser)
    _as_at_arguments(parser)
    parser.add_argument("--from", dest="start", type=_date, metavar="DATE", help="only cases received from this day")
    parser.add_argument("--to", dest="end", type=_date, metavar="DATE", help="only cases received up to this day")
    parser.add_argument("--format", choices=("jsonl", "csv", "xlsx", "parquet"), help="write the findings so")
    parser.add_argument("--output", metavar="FILE", help="where to write the findings; - is standard output")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument("--rejected", type=Path, metavar="FILE", help="write the rejected rows as JSON Lines")
    parser.add_argument("--all", dest="every", action="store_true", help="keep findings that are not applicable")
    parser.add_argument("--messages", action="store_true", help="put the message into Parquet as well")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if there is a breach or a rejected row")


def _explain_arguments(commands: Any) -> None:
    parser = _command(commands, "explain", _explain, "Explain one case: every rule, its clause and its days.")
    _cases_arguments(parser)
    parser.add_argument("reference", metavar="REFERENCE", help="the case's own number")
    _as_at_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--all", dest="every", action="store_true", help="show rules that do not arise as well")


def _due_arguments(commands: Any) -> None:
    parser = _command(commands, "due", _due, "Show the dates that follow from a receipt or any later event.")
    parser.add_argument("--council", help="the council; without it only national rules are shown")
    parser.add_argument("--procedure", default="corporate", help="which procedure (default: corporate)")
    parser.add_argument("--received", type=_date, metavar="DATE", help="the day the complaint was received")
    parser.add_argument(
        "--event",
        type=_event,
        action="append",
        default=[],
        metavar="FIELD=DATE",
        help="a later event, as stage1_acknowledged=2026-12-22; may be given more than once",
    )
    parser.add_argument("--flag", action="append", default=[], help="a flag of the case, as landlord")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _other_arguments(commands: Any) -> None:
    sample = _command(commands, "sample", _sample, "Write synthetic cases of a council, with realistic faults.")
    sample.add_argument("--council", required=True)
    sample.add_argument("--cases", type=int, default=600, metavar="N", help="how many (default: 600)")
    sample.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same cases")
    sample.add_argument("--year-ending", type=_date, metavar="DATE", help="the last day of the year (default: today)")
    sample.add_argument("--output", type=Path, required=True, metavar="FILE", help=".csv, .xlsx, .jsonl or .parquet")

    _command(
        commands, "ombudsman", _ombudsman, "Set what the Ombudsman counted in published decisions beside our count."
    )
    rules = _command(commands, "rules", _rules, "List every rule with its clause, authority and kind.")
    rules.add_argument("--council", help="only this council's rulebooks and those that govern them")
    rules.add_argument("--format", choices=("text", "json"), default="text")
    plugins = _command(commands, "plugins", _plugins, "List the plugins: version, rulebooks, hooks.")
    plugins.add_argument("--format", choices=("text", "json"), default="text")


# --- commands -------------------------------------------------------------------------------------


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


def _audit(options: argparse.Namespace) -> int:
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


def _explain(options: argparse.Namespace) -> int:
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


def _map(options: argparse.Namespace) -> int:
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


def _due(options: argparse.Namespace) -> int:
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


def _sample(options: argparse.Namespace) -> int:
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


def _ombudsman(options: argparse.Namespace) -> int:
    from putright import ombudsman

    console = _console()
    for part in ombudsman.render(ombudsman.compare(_host(options))):
        console.print(part)
    return 0


def _rules(options: argparse.Namespace) -> int:
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


def _plugins(options: argparse.Namespace) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
