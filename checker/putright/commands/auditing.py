"""``putright audit``: a file of case records audited; the findings, the summary or a committee pack."""

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
from putright.command import Command
from putright.commands import arguments, extras, inputs, kinds, packing, screen
from putright.text.plaintext import escape_markup

if TYPE_CHECKING:
    import polars as pl
    from rich.console import RenderableType

    from putright.auditing.audits import Audit
    from putright.auditing.casefile import CaseFile
    from putright.auditing.summary import Tally
    from putright.casework.waivers import Waivers
    from putright.files.originals import Originals


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_cases(parser)
    arguments.add_as_at(parser)
    parser.add_argument(
        "--from", dest="start", type=arguments.date, metavar="DATE", help="only cases received from this day"
    )
    parser.add_argument(
        "--to", dest="end", type=arguments.date, metavar="DATE", help="only cases received up to this day"
    )
    parser.add_argument("--format", choices=("jsonl", "csv", "xlsx", "parquet"), help="write the findings so")
    parser.add_argument(
        "--output",
        type=arguments.name,
        metavar="FILE",
        help="where to write the findings; - is standard output; a folder (pack/) gets the committee pack",
    )
    parser.add_argument("--summary", type=arguments.path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument("--rejected", type=arguments.path, metavar="FILE", help="write the rejected rows as JSON Lines")
    parser.add_argument(
        "--waivers", type=arguments.path, metavar="FILE", help="accepted findings, shown next to their verdicts"
    )
    parser.add_argument(
        "--all", dest="include_not_applicable", action="store_true", help="keep findings that are not applicable"
    )
    parser.add_argument("--messages", action="store_true", help="put the message into Parquet as well")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if there is a breach or a rejected row")
    arguments.add_overwrite(parser)
    arguments.add_links(parser, "each finding gets a link to its clause there")
    pack = parser.add_argument_group("the committee pack (--output pack/)")
    pack.add_argument("--publish", action="store_true", help="write the published figures alone: no case is named")
    pack.add_argument("--threshold", type=arguments.threshold, metavar="N", help="withhold counts below N (default: 5)")
    pack.add_argument("--period-by", choices=("received", "due"), help="place findings by day of receipt or due date")
    pack.add_argument(
        "--supplied", type=arguments.path, metavar="FILE", help="what case records cannot show, by hand (YAML)"
    )
    arguments.add_template(pack)
    arguments.add_published(pack)


def run(options: argparse.Namespace) -> int:
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
    cases = inputs.case_file(options)
    originals = Originals(inputs.read_by(options))
    as_at = options.as_at or calendars.today()
    tally = summary.Tally(as_at)
    # A Parquet file leaves the messages out unless they are asked for.
    messages = form is not None and (form != "parquet" or options.messages)
    waivers = _waivers(options, as_at)
    findings = _findings(options, cases, tally, form, waivers, originals, messages=messages)
    if form is None:
        deque(findings, maxlen=0)
    else:
        outputs.write_batches(findings, options.output or outputs.STANDARD_OUTPUT, form, private=True)
    figures = summary.summarise(tally, cases.host)
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
        parts = summary.reconciliation(figures, rejected, all_rows=True)
    # Standard output has only the findings if they are written there.
    console = screen.make_console(stderr=form is not None)
    for part in chain(parts, _waivers_told(options, figures)):
        console.print(part)
    if written:
        console.print(escape_markup(f"{tally.findings:,} findings written to {options.output}"))
    return 1 if options.strict and tally.found_something else 0


def _claim(options: argparse.Namespace, form: str | None = None) -> None:
    """Refuse outputs that would overwrite other files."""
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
    except OSError:  # no access: writing to it will report that
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
    extras.need("putright audit with a folder for --output", "paper")
    _claim(options)
    as_at = options.as_at or calendars.today()
    cases = inputs.case_file(options)
    waivers = _waivers(options, as_at)
    published = read_published(options.published, cases.council)
    order = pack.Order(
        cases=cases.path,
        folder=Path(options.output),
        council=cases.council,
        as_at=as_at,
        period=Period(options.start, options.end),
        period_by=options.period_by or "received",
        threshold=options.threshold or pack.THRESHOLD,
        publish=options.publish,
        supplied=read_supplied(options.supplied) if options.supplied else Supplied(),
        inputs=inputs.read_by(options) | packing.as_inputs(published),
        keep_readable=options.keep_readable,
        template=options.template,
        earlier=published,
        overwrite=options.overwrite,
    )
    order.check(also=tuple(filter(None, (options.summary, options.rejected))))
    gathering = packing.gathered(
        cases, order, include_not_applicable=options.include_not_applicable, handbook=options.handbook, waivers=waivers
    )
    figures = summary.summarise(gathering.tally, cases.host)
    if waivers:
        figures["waivers"] = waivers.figures(figures["rules"])
    papers = pack.make_papers(gathering, cases.host, figures)
    written = pack.write(pack.documents(gathering, cases.host, figures, papers), order)
    rejected = gathering.tally.rejected_rows()
    if options.rejected:
        outputs.write_table(rejected, str(options.rejected), "jsonl", private=True)
    if options.summary:
        outputs.write_json(figures, options.summary, private=True)
    console = screen.make_console()
    for part in chain(summary.reconciliation(figures, rejected), _waivers_told(options, figures)):
        console.print(part)
    for line in packing.at_risk(order, gathering, papers.published.exposed):
        console.print(escape_markup(line))
    console.print(escape_markup(f"Written to {options.output}:"))
    for path in written:
        console.print(escape_markup(f"  {path.relative_to(order.folder)}"))
    return 1 if options.strict and gathering.tally.found_something else 0


def _waivers(options: argparse.Namespace, as_at: dt.date) -> Waivers | None:
    if options.waivers is None:
        return None
    from putright.casework.waivers import Waivers, read_waivers

    return Waivers(read_waivers(options.waivers), as_at)


def _waivers_told(options: argparse.Namespace, figures: dict[str, Any]) -> Iterator[RenderableType]:
    """Which waivers applied and which did not, if there are any."""
    if "waivers" in figures:
        from putright.casework import waivers

        yield from waivers.render(figures["waivers"], str(options.waivers))


def _findings(
    options: argparse.Namespace,
    cases: CaseFile,
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

    host = cases.host
    enums = findings.enums(host, tuple(host.words))

    def table(found: Audit) -> pl.DataFrame:
        if form is None and waivers is None:  # only counted
            return pl.DataFrame()
        return packing.linked(found.findings if messages else found.coded(enums), host, options.handbook)

    period = Period(options.start, options.end)
    batches = cases.audits(
        tally.as_at, period, include_not_applicable=options.include_not_applicable, messages=messages, make=table
    )
    with screen.Progress() as progress:
        for records, found, made in batches:
            tally.add(found, records)
            progress.show(tally.counts["rows_read"])
            if waivers:
                made = waivers.beside(made, found.cases["reference"], records.rejected["reference"])
            yield made
    originals.check()  # before the findings take their name


COMMAND = Command("audit", add_arguments, run)
