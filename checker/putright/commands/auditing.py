"""Commands that audit a file: findings, the committee pack, the annual report."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from putright import calendars
from putright.commands import inputs, kinds, screen
from putright.text.plaintext import marked

if TYPE_CHECKING:
    import polars as pl
    from rich.console import RenderableType

    from putright.auditing.audits import Audit
    from putright.auditing.summary import Tally
    from putright.casework.waivers import Waivers
    from putright.committee.pack import Gathering, Order
    from putright.files.originals import Originals
    from putright.plugins import Host

_PUBLISHED = "a file of published figures"


def run_audit(options: argparse.Namespace) -> int:
    """Audit a file of case records."""
    from putright.auditing import summary
    from putright.files.originals import Originals
    from putright.writing import outputs

    if options.start and options.end and options.end < options.start:
        raise inputs.UsageError(f"--to {options.end} comes before --from {options.start}.")
    if _is_folder(options.output):
        return _run_pack(options)
    _refuse_pack_options(options)
    form = outputs.format_of(options.output, options.format)
    _claim(options, form)
    host = inputs.load_host(options)
    originals = Originals(inputs.read_by(options))
    as_at = options.as_at or calendars.today()
    tally = summary.Tally(as_at)
    # A Parquet file leaves the messages out unless they are asked for.
    messages = form is not None and (form != "parquet" or options.messages)
    waivers = _waivers(options, as_at)
    findings = _findings(options, host, tally, form, waivers, originals, messages=messages)
    if form is None:
        deque(findings, maxlen=0)
    else:
        outputs.write_batches(findings, options.output or outputs.STANDARD_OUTPUT, form, private=True)
    figures = summary.summarise(tally, host)
    if waivers:
        figures["waivers"] = waivers.figures(figures["rules"])
    rejected = tally.rejected_rows()
    if options.rejected:
        outputs.write_table(rejected, str(options.rejected), "jsonl", private=True)
    if options.summary:
        outputs.write_json(figures, options.summary, private=True)
    written = options.output is not None and options.output != outputs.STANDARD_OUTPUT
    parts: Iterable[RenderableType]
    if form is None or written:
        parts = summary.render(figures, rejected)
    else:
        parts = summary.reconciliation(figures, rejected, every=True)
    # Standard output holds the findings and nothing else where they are asked for.
    console = screen.make_console(stderr=form is not None)
    for part in chain(parts, _waivers_told(options, figures)):
        console.print(part)
    if written:
        console.print(marked(f"{tally.findings:,} findings written to {options.output}"))
    return 1 if options.strict and tally.found_something else 0


def _claim(options: argparse.Namespace, form: str | None = None) -> None:
    """See that the outputs take the place of nothing that is somebody's."""
    findings = [("--output", options.output, kinds.findings(form))] if form else []
    inputs.claim(
        options,
        *findings,
        ("--summary", options.summary, kinds.SUMMARY),
        ("--rejected", options.rejected, kinds.rejected()),
    )


def _is_folder(output: str | None) -> bool:
    """Whether an output means a pack: a folder that is there, or a name that ends as a folder's."""
    try:
        return output is not None and (output.endswith(("/", os.sep)) or Path(output).is_dir())
    except OSError:  # out of reach: who writes to it says so
        return False


def _refuse_pack_options(options: argparse.Namespace) -> None:
    given = {"--publish": options.publish, "--threshold": options.threshold}
    given |= {"--period-by": options.period_by, "--supplied": options.supplied, "--template": options.template}
    given |= {"--published": options.published}
    for name, value in given.items():
        if value:
            raise inputs.UsageError(f"{name} is for the committee pack: give a folder, as --output pack/.")


def _run_pack(options: argparse.Namespace) -> int:
    """The committee pack, or with ``--publish`` the published figures alone."""
    from putright.auditing import summary
    from putright.auditing.audits import Period
    from putright.committee import pack
    from putright.disclosure.earlier import read_published
    from putright.statistics.supplied import Supplied, read_supplied
    from putright.writing import outputs

    if options.format:
        raise inputs.UsageError(f"--format {options.format} is for one file of findings: name a file, or leave it out.")
    _claim(options)
    as_at = options.as_at or calendars.today()
    host = inputs.load_host(options)
    waivers = _waivers(options, as_at)
    council = inputs.named_council(options, host)
    published = read_published(options.published, council)
    order = pack.Order(
        cases=options.cases,
        folder=Path(options.output),
        council=council,
        as_at=as_at,
        period=Period(options.start, options.end),
        period_by=options.period_by or "received",
        threshold=options.threshold or pack.THRESHOLD,
        publish=options.publish,
        supplied=read_supplied(options.supplied) if options.supplied else Supplied(),
        inputs=inputs.read_by(options) | dict.fromkeys(published, _PUBLISHED),
        keep_readable=options.keep_readable,
        template=options.template,
        earlier=published,
        overwrite=options.overwrite,
    )
    order.check(also=tuple(filter(None, (options.summary, options.rejected))))
    gathering = _gathered(options, host, order, waivers)
    figures = summary.summarise(gathering.tally, host)
    if waivers:
        figures["waivers"] = waivers.figures(figures["rules"])
    papers = pack.make_papers(gathering, host, figures)
    written = pack.write(pack.documents(gathering, host, figures, papers), order)
    rejected = gathering.tally.rejected_rows()
    if options.rejected:
        outputs.write_table(rejected, str(options.rejected), "jsonl", private=True)
    if options.summary:
        outputs.write_json(figures, options.summary, private=True)
    console = screen.make_console()
    for part in chain(summary.reconciliation(figures, rejected), _waivers_told(options, figures)):
        console.print(part)
    for line in _at_risk(order, gathering, papers.published.lost):
        console.print(marked(line))
    console.print(marked(f"Written to {options.output}:"))
    for path in written:
        console.print(marked(f"  {path.relative_to(order.folder)}"))
    return 1 if options.strict and gathering.tally.found_something else 0


def _gathered(options: argparse.Namespace, host: Host, order: Order, waivers: Waivers | None = None) -> Gathering:
    """The file audited for what was ordered."""
    import polars as pl

    from putright.committee.pack import Gathering

    def table(found: Audit) -> pl.DataFrame:
        if order.publish and waivers is None:
            return pl.DataFrame()
        return _linked(found.findings, options, host)

    gathering = Gathering(order, host)
    with screen.Progress() as progress:
        for records, found, made in inputs.audited(
            options, host, order.as_at, gathering.period, messages=not order.publish, make=table
        ):
            if waivers:
                made = waivers.beside(made, found.cases["reference"], records.rejected["reference"])
            gathering.add(found, records, made)
            progress.show(gathering.tally.counts["rows_read"])
    return gathering


def _at_risk(order: Order, gathering: Gathering, lost: int) -> Iterator[str]:
    """What figures published before put at risk, in sentences."""
    from putright.disclosure import earlier

    if order.threshold < 2:
        return
    for path, figures in earlier.beside(order.folder, order.council, order.earlier):
        yield earlier.risk(path, figures)
    for each in gathering.earlier():
        if each.changed:
            yield (
                f"{each.path}: the records now give {each.changed:,} of its {each.shown:,} figures otherwise. What "
                "these tell of the cases behind them is not withheld here."
            )
    if lost:
        counts = "a small count" if lost == 1 else f"{lost:,} small counts"
        yield (
            f"What was published before may give {counts} away to somebody who takes figures from one another. "
            "Whatever touches them is withheld here; nothing published now can do more."
        )


def _linked(findings: pl.DataFrame, options: argparse.Namespace, host: Host) -> pl.DataFrame:
    """Findings with links to their clauses, where it is known where the handbook is."""
    if not options.handbook:
        return findings
    from putright.policy import anchors

    return anchors.beside(findings, host, options.handbook)


def run_annual(options: argparse.Namespace) -> int:
    """Write a year's complaints performance and service improvement report, with the self-assessment forms."""
    from putright.auditing import summary
    from putright.committee import annual, pack
    from putright.disclosure.earlier import read_published
    from putright.statistics.supplied import Supplied, read_supplied

    host = inputs.load_host(options)
    council = inputs.council_of(options, host)
    published = read_published(options.published, council)
    order = annual.order(
        options.cases,
        Path(options.output),
        council,
        options.year,
        options.as_at or calendars.today(),
        read_supplied(options.supplied) if options.supplied else Supplied(),
        inputs.read_by(options) | dict.fromkeys(published, _PUBLISHED),
        keep_readable=options.keep_readable,
        template=options.template,
        earlier=published,
        overwrite=options.overwrite,
    )
    order.check()
    gathering = _gathered(options, host, order)
    figures = summary.summarise(gathering.tally, host)
    made = annual.make(gathering, host, figures)
    written = pack.write(made.files, order)
    console = screen.make_console()
    for part in summary.reconciliation(figures, gathering.tally.rejected_rows()):
        console.print(part)
    for line in _at_risk(order, gathering, made.lost):
        console.print(marked(line))
    console.print(f"Left to supply by hand: {len(made.gaps)}", markup=False)
    for gap in made.gaps:
        console.print(marked(f"  {gap.text}"))
    console.print(marked(f"Written to {options.output}:"))
    for path in written:
        console.print(marked(f"  {path.name}"))
    return 0


def _waivers(options: argparse.Namespace, as_at: dt.date) -> Waivers | None:
    if options.waivers is None:
        return None
    from putright.casework.waivers import Waivers, read_waivers

    return Waivers(read_waivers(options.waivers), as_at)


def _waivers_told(options: argparse.Namespace, figures: dict[str, Any]) -> Iterator[RenderableType]:
    """What became of the waivers, where any were given."""
    if "waivers" in figures:
        from putright.casework import waivers

        yield from waivers.render(figures["waivers"], str(options.waivers))


def _findings(
    options: argparse.Namespace,
    host: Host,
    tally: Tally,
    form: str | None,
    waivers: Waivers | None,
    originals: Originals,
    *,
    messages: bool,
) -> Iterator[pl.DataFrame]:
    """The findings of the file, a batch at a time, counted in the tally as they come."""
    import polars as pl

    from putright.auditing import findings
    from putright.auditing.audits import Period

    enums = findings.enums(host, tuple(host.words))

    def table(found: Audit) -> pl.DataFrame:
        if form is None and waivers is None:  # only counted
            return pl.DataFrame()
        return _linked(found.findings if messages else found.coded(enums), options, host)

    period = Period(options.start, options.end)
    batches = inputs.audited(options, host, tally.as_at, period, messages=messages, make=table)
    with screen.Progress() as progress:
        for records, found, made in batches:
            tally.add(found, records)
            progress.show(tally.counts["rows_read"])
            if waivers:
                made = waivers.beside(made, found.cases["reference"], records.rejected["reference"])
            yield made
    originals.check()  # before the findings take their name
