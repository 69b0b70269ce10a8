"""What each command does, from its options to its exit code; ``cli`` reads the options.

Heavy imports wait until a command needs them, so that help comes at once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from putright.mistakes import Mistake

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console, RenderableType

    from putright.audit import Audit, Period
    from putright.batches import Opener
    from putright.pack import Gathering, Order
    from putright.plugins import Host
    from putright.records import Records
    from putright.rulebooks import Rulebook
    from putright.summary import Tally
    from putright.waivers import Waivers
    from putright.watch import Step, Watch

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
    width = None if file.isatty() else 120
    # Plain text in a notebook too, where rich would show pictures of its tables.
    return Console(file=file, width=width, highlight=False, soft_wrap=False, force_jupyter=False)


def _shown(options: argparse.Namespace, data: Any, parts: Iterable[RenderableType]) -> int:
    """Print the data as JSON where that is asked for, else what is made of it for a person."""
    if options.format == "json":
        print(json.dumps(data, indent=2, ensure_ascii=False))
        return 0
    console = _console()
    for part in parts:
        console.print(part)
    return 0


def run_audit(options: argparse.Namespace) -> int:
    """Audit a file of case records."""
    from putright import outputs, summary

    if options.start and options.end and options.end < options.start:
        raise UsageError(f"--to {options.end} comes before --from {options.start}.")
    if _is_folder(options.output):
        return _run_pack(options)
    _refuse_pack_options(options)
    form = outputs.format_of(options.output, options.format)
    _spare_the_cases(options)
    host = _host(options)
    as_at = options.as_at or dt.date.today()
    tally = summary.Tally(as_at)
    # A Parquet file leaves the messages out unless they are asked for.
    messages = form is not None and (form != "parquet" or options.messages)
    waivers = _waivers(options, as_at)
    findings = _findings(options, host, tally, form, waivers, messages=messages)
    if form is None:
        deque(findings, maxlen=0)
    else:
        outputs.write_batches(findings, options.output or outputs.STANDARD_OUTPUT, form)
    figures = summary.summarise(tally, host)
    if waivers:
        figures["waivers"] = waivers.figures(figures["rules"])
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
    for part in chain(parts, _waivers_told(options, figures)):
        console.print(part)
    if written:
        console.print(f"{tally.findings:,} findings written to {options.output}", markup=False)
    return 1 if options.strict and tally.found_something else 0


# --- the committee pack ---------------------------------------------------------------------------


def _is_folder(output: str | None) -> bool:
    """Whether an output means a pack: a folder that is there, or a name that ends as a folder's."""
    return output is not None and (output.endswith(("/", os.sep)) or Path(output).is_dir())


def _refuse_pack_options(options: argparse.Namespace) -> None:
    given = {"--publish": options.publish, "--threshold": options.threshold}
    given |= {"--period-by": options.period_by, "--supplied": options.supplied}
    for name, value in given.items():
        if value:
            raise UsageError(f"{name} is for the committee pack: give a folder, as --output pack/.")


def _run_pack(options: argparse.Namespace) -> int:
    """The committee pack, or with ``--publish`` the published figures alone."""
    from putright import outputs, pack, summary
    from putright.audit import Period
    from putright.supplied import Supplied, read_supplied

    if options.format:
        raise UsageError(f"--format {options.format} is for one file of findings: name a file, or leave it out.")
    _spare_the_cases(options)
    as_at = options.as_at or dt.date.today()
    host = _host(options)
    waivers = _waivers(options, as_at)
    order = pack.Order(
        cases=options.cases,
        folder=Path(options.output),
        council=_council(options, host),
        as_at=as_at,
        period=Period(options.start, options.end),
        period_by=options.period_by or "received",
        threshold=options.threshold or pack.THRESHOLD,
        publish=options.publish,
        supplied=read_supplied(options.supplied) if options.supplied else Supplied(),
        inputs=tuple(filter(None, (options.mapping, options.supplied, options.waivers))),
    )
    order.check()
    gathering = _gathered(options, host, order, waivers)
    figures = summary.summarise(gathering.tally, host)
    if waivers:
        figures["waivers"] = waivers.figures(figures["rules"])
    written = pack.write(pack.documents(gathering, host, figures), order.folder)
    rejected = gathering.tally.rejected_rows()
    if options.rejected:
        outputs.write_table(rejected, str(options.rejected), "jsonl")
    if options.summary:
        outputs.write_json(figures, options.summary)
    console = _console()
    for part in chain(summary.reconciliation(figures, rejected), _waivers_told(options, figures)):
        console.print(part)
    console.print(f"Written to {options.output}:", markup=False)
    for path in written:
        console.print(f"  {path.relative_to(order.folder)}", markup=False)
    return 1 if options.strict and gathering.tally.found_something else 0


def _gathered(options: argparse.Namespace, host: Host, order: Order, waivers: Waivers | None = None) -> Gathering:
    """The file audited for what was ordered."""
    import polars as pl

    from putright.audit import Period
    from putright.pack import Gathering

    gathering = Gathering(order)
    with _Progress() as progress:
        for records, found, made in _batches(
            options, host, order.as_at, gathering.of_findings, messages=True, make=lambda found: found.findings
        ):
            if waivers:
                made = waivers.beside(made, found.cases["reference"], records.rejected["reference"])
            gathering.add(found, records, made)
            progress.show(gathering.tally.counts["rows_read"])
    if not gathering.whole:  # the period before stands beside: every case is looked at
        empty = pl.DataFrame()
        for _, found, _ in _batches(options, host, order.as_at, Period(), messages=False, make=lambda found: empty):
            gathering.count(found)
    return gathering


def run_annual(options: argparse.Namespace) -> int:
    """Write a year's complaints performance and service improvement report, with the self-assessment forms."""
    from putright import annual, summary
    from putright.supplied import Supplied, read_supplied

    host = _host(options)
    council = _council(options, host)
    if not council:
        raise UsageError("--council is blank: name the council whose report it is.")
    order = annual.order(
        options.cases,
        Path(options.output),
        council,
        options.year,
        options.as_at or dt.date.today(),
        read_supplied(options.supplied) if options.supplied else Supplied(),
        tuple(filter(None, (options.mapping, options.supplied))),
    )
    gathering = _gathered(options, host, order)
    figures = summary.summarise(gathering.tally, host)
    made = annual.make(gathering, host, figures)
    written = annual.write(made, order.folder)
    console = _console()
    for part in summary.reconciliation(figures, gathering.tally.rejected_rows()):
        console.print(part)
    console.print(f"Left to supply by hand: {len(made.gaps)}", markup=False)
    for gap in made.gaps:
        console.print(f"  {gap.text}", markup=False)
    console.print(f"Written to {options.output}:", markup=False)
    for path in written:
        console.print(f"  {path.name}", markup=False)
    return 0


def _waivers(options: argparse.Namespace, as_at: dt.date) -> Waivers | None:
    if options.waivers is None:
        return None
    from putright.waivers import Waivers, read_waivers

    return Waivers(read_waivers(options.waivers), as_at)


def _waivers_told(options: argparse.Namespace, figures: dict[str, Any]) -> Iterator[RenderableType]:
    """What became of the waivers, where any were given."""
    if "waivers" in figures:
        from putright import waivers

        yield from waivers.render(figures["waivers"], str(options.waivers))


def _findings(
    options: argparse.Namespace,
    host: Host,
    tally: Tally,
    form: str | None,
    waivers: Waivers | None,
    *,
    messages: bool,
) -> Iterator[pl.DataFrame]:
    """The findings of the file, a batch at a time, counted in the tally as they come."""
    import polars as pl

    from putright import findings
    from putright.audit import Period

    enums = findings.enums(host, tuple(host.words))

    def table(found: Audit) -> pl.DataFrame:
        if form is None and waivers is None:  # only counted
            return pl.DataFrame()
        return found.findings if messages else found.coded(enums)

    period = Period(options.start, options.end)
    batches = _batches(options, host, tally.as_at, period, messages=messages, make=table)
    with _Progress() as progress:
        for records, found, made in batches:
            tally.add(found, records)
            progress.show(tally.counts["rows_read"])
            if waivers:
                made = waivers.beside(made, found.cases["reference"], records.rejected["reference"])
            yield made


def _batches(
    options: argparse.Namespace,
    host: Host,
    as_at: dt.date,
    period: Period,
    *,
    messages: bool,
    make: Callable[[Audit], pl.DataFrame],
) -> Iterator[tuple[Records, Audit, pl.DataFrame]]:
    """Every batch of the file: its records, its audit, and what is made of that."""
    from putright.batches import audit_batches
    from putright.readers import read_tables

    return audit_batches(
        _tables(options, host),
        host,
        _council(options, host),
        as_at,
        period,
        every=options.every,
        messages=messages,
        make=make,
        references=None if options.mapping else lambda: read_tables(options.cases, only="reference"),
    )


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
        _spare(options.cases, name, "the file of cases")
        if options.waivers:
            _spare(options.waivers, name, "the file of waivers")


def _spare(source: Path, output: str | None, what: str) -> None:
    """An output must not take the place of what it is made from."""
    path = Path(output or "")
    if output and path.exists() and source.exists() and path.samefile(source):
        raise UsageError(f"{output} is {what} itself: write to another.")


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


def run_assess(options: argparse.Namespace) -> int:
    """Set a council's policy beside the Codes and Regulations that govern it, paragraph by paragraph."""
    from putright import forms

    host = _host(options)
    assessed = forms.self_assess(host, _policies(options, host), options.code)
    if options.output:
        forms.write(assessed, options.output, options.form)
    if options.format == "json":
        print(json.dumps(forms.rows(assessed, options.form), indent=2, ensure_ascii=False))
        # Standard output holds the answers and nothing else; what else was found goes beside it.
        parts: Iterable[RenderableType] = forms.contradictions_told(assessed)
    else:
        parts = forms.render(assessed, options.form)
    console = _console(stderr=options.format == "json")
    for part in parts:
        console.print(part)
    if options.output:
        console.print(f"Self-assessment written to {options.output}", markup=False)
    return 0


def run_compare(options: argparse.Namespace) -> int:
    """Set councils' procedures side by side, step by step, with the national rulebook that governs them."""
    from putright import comparison

    compared = comparison.compare(_host(options), options.councils, options.procedure)
    if options.output:
        comparison.write(compared, options.output)
    if options.format == "json":
        print(json.dumps(comparison.as_data(compared), indent=2, ensure_ascii=False))
        return 0
    console = _console()
    for part in comparison.render(compared):
        console.print(part)
    if options.output:
        console.print(f"Comparison written to {options.output}", markup=False)
    return 0


def run_watch(options: argparse.Namespace) -> int:
    """List the open cases by next due date: overdue, today, this week, later."""
    from putright import outputs, watch

    _spare(options.cases, options.output, "the file of cases")
    watched = _watched(options, _host(options))
    left_out = []
    if options.format == "ics":
        content, left_out = watch.as_calendar(watched), list(watch.left_out(watched))
    elif options.format == "json":
        content = (json.dumps(watch.as_data(watched), indent=2, ensure_ascii=False) + "\n").encode()
    else:
        console = _console()
        for part in watch.render(watched):
            console.print(part)
        return 0
    if options.output in (None, outputs.STANDARD_OUTPUT):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        with outputs.whole_file(Path(options.output)) as file:
            file.write(content)
        print(f"{len(watched.due):,} steps with a due date written to {options.output}", file=sys.stderr)
    if options.format == "ics" and watched.held:
        left_out.append(f"{len(watched.held):,} steps are on hold and have no date: --format text lists them")
    for words in left_out:
        print(words, file=sys.stderr)
    return 0


def _watched(options: argparse.Namespace, host: Host) -> Watch:
    from putright import watch
    from putright.batches import audit_batches

    def steps(found: Audit) -> list[Step]:
        return watch.open_steps(found, host)

    as_at = options.as_at or dt.date.today()
    batches = audit_batches(_tables(options, host), host, _council(options, host), as_at, messages=False, make=steps)
    return watch.watch(as_at, ((found, made) for _, found, made in batches))


def run_changes(options: argparse.Namespace) -> int:
    """Compare the findings of two audits: what changed, and why."""
    from putright import changes
    from putright.findingsfile import read_findings

    changed = changes.compare(read_findings(options.before), read_findings(options.after))
    return _shown(options, changes.as_data(changed), changes.render(changed))


def run_handcheck(options: argparse.Namespace) -> int:
    """Draw a random sample of cases to check by hand, or read the filled sheet back."""
    from putright import handcheck
    from putright.findingsfile import read_findings

    if options.read:
        if options.findings or options.output or options.verdict:
            raise UsageError("--read SHEET stands alone: it reads a filled sheet and draws nothing.")
        agreement = handcheck.read_sheet(options.read)
        return _shown(options, handcheck.as_data(agreement), handcheck.render(agreement))
    if not (options.findings and options.output):
        raise UsageError("give FINDINGS and --output FILE.xlsx to draw a sample, or --read FILE.xlsx to read it back.")
    if not options.output.lower().endswith(".xlsx"):
        raise UsageError(f"--output {options.output}: the sheet is an Excel workbook, so give a name ending in .xlsx.")
    _spare(options.findings, options.output, "the file of findings")
    sample = handcheck.draw(read_findings(options.findings), options.cases, options.seed, options.verdict)
    handcheck.write_sheet(sample, Path(options.output))
    print(
        f"{len(sample.drawn):,} of {sample.population:,} cases drawn (seed {options.seed}), "
        f"{sample.findings.height:,} findings to check, written to {options.output}."
    )
    return 0


def run_handbook(options: argparse.Namespace) -> int:
    """Build the handbook, of every council or of some, as a site that needs nothing from elsewhere."""
    from putright_handbook import building, site

    host = _host_of(options)
    figures = dict(site.read_figures(path, host) for path in options.audit)
    as_at = options.as_at or dt.date.today()
    found = site.Site(host, as_at, figures, training=not options.without_notebooks)
    built = building.build(found, options.output, options.work)
    print(f"Handbook of {built.pages} pages written to {built.folder}; begin with {built.folder / 'index.html'}.")
    return 0


def run_reviews(options: argparse.Namespace) -> int:
    """List what is due for review, by owner; exit with 1 if anything is overdue."""
    from putright_handbook import reviews, site

    text, overdue = reviews.report(site.Site(_host_of(options), options.as_at or dt.date.today()), options.format)
    print(text)
    return 1 if overdue else 0


def _host_of(options: argparse.Namespace) -> Host:
    """The host with the plugins of the councils named, or with all."""
    from putright.plugins import load

    host = _host(options)
    names = [name.strip().lower() for name in options.council]
    for name in names:
        if name not in host.councils:
            raise UsageError(f"no plugin is a council named {name!r}; known: {', '.join(host.councils)}.")
    if not host.councils:
        raise UsageError("no plugin is a council, so that there is nothing to show; `putright plugins` lists them.")
    return load(names) if names else host


def run_notebooks(options: argparse.Namespace) -> int:
    """Write a council's own set of training notebooks, run and with their outputs."""
    from putright import handouts, notebooks

    host = _host(options)
    council = _council(options, host)
    assert council is not None
    as_at = options.as_at.isoformat() if options.as_at else notebooks.AS_AT
    seed = notebooks.SEED if options.seed is None else options.seed
    made = notebooks.make(host, council, as_at, seed, options.notebook)
    paths = notebooks.write(made, options.output, handouts.project(list(made)))
    if options.handouts:
        paths += handouts.make(made, options.output)
    for path in paths:
        print(path)
    return 0


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
    return _shown(options, entries, catalogue.render(entries))


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
