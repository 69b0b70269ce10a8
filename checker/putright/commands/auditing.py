"""``putright audit``: a file of case records audited; the findings, the summary or a committee pack."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from putright import extras
from putright.command import Command
from putright.commands import arguments, inputs, kinds, screen
from putright.text.english import counted
from putright.text.plaintext import escape_markup

if TYPE_CHECKING:
    import polars as pl

    from putright.api.audits import Audit


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
    parser.add_argument(
        "--format",
        choices=("jsonl", "csv", "xlsx", "parquet"),
        help="the format of the findings (default: by the ending of --output)",
    )
    parser.add_argument(
        "--output",
        type=arguments.name,
        metavar="FILE",
        help="where to write the findings; - is standard output; a folder (pack/) gets the committee pack instead",
    )
    parser.add_argument("--summary", type=arguments.path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument(
        "--rejected",
        type=arguments.path,
        metavar="FILE",
        help="write the rejected rows, with the values that they have, as JSON Lines",
    )
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
    arguments.add_withholding(pack)
    pack.add_argument("--period-by", choices=("received", "due"), help="place findings by day of receipt or due date")
    pack.add_argument(
        "--supplied", type=arguments.path, metavar="FILE", help="what case records cannot show, by hand (YAML)"
    )
    arguments.add_template(pack)
    arguments.add_published(pack)
    arguments.add_compare(pack)


def run(options: argparse.Namespace) -> int:
    """Audit a file of case records."""
    from putright.writing import outputs

    if options.start and options.end and options.end < options.start:
        raise inputs.UsageError(f"--to {options.end} comes before --from {options.start}.")
    if _is_folder(options.output):
        return _run_pack(options)
    _refuse_pack_options(options)
    form = outputs.format_of(options.output, options.format)
    _claim(options, form)
    audited = _audited(options)
    if form is not None:
        # A Parquet file leaves the messages out unless they are asked for.
        messages = form != "parquet" or options.messages
        with screen.Progress() as progress:
            audited.write(options.output or outputs.STANDARD_OUTPUT, form, messages=messages, progress=progress.show)
    else:
        with screen.Progress() as progress:
            audited.count(progress.show)
    _write_beside(options, audited.summary, audited.rejected)
    written = options.output is not None and options.output != outputs.STANDARD_OUTPUT
    # Standard output holds the findings and nothing else where they are asked for.
    console = screen.make_console(stderr=form is not None)
    for part in audited.render(rows_only=form is not None and not written):
        console.print(part)
    if written:
        console.print(escape_markup(f"{counted(audited.tally.findings, 'finding')} written to {options.output}"))
    return 1 if options.strict and audited.found_something else 0


def _audited(options: argparse.Namespace) -> Audit:
    from putright.api.audits import audit

    cases = inputs.case_file(options)
    return audit(
        cases,
        cases.host,
        as_at=options.as_at,
        start=options.start,
        end=options.end,
        include_not_applicable=options.include_not_applicable,
        waivers=options.waivers,
        handbook=options.handbook,
    )


def _write_beside(options: argparse.Namespace, figures: dict[str, Any], rejected: pl.DataFrame) -> None:
    """The rejected rows and the summary, where they are asked for."""
    from putright.writing import outputs

    if options.rejected:
        outputs.write_table(rejected, str(options.rejected), "jsonl", private=True)
    if options.summary:
        outputs.write_json(figures, options.summary, private=True)


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
    given = {"--publish": options.publish, "--threshold": options.threshold, "--withhold": options.withhold}
    given |= {"--period-by": options.period_by, "--supplied": options.supplied, "--template": options.template}
    given |= {"--published": options.published, "--compare": options.compare}
    for name, value in given.items():
        if value:
            raise inputs.UsageError(f"{name} is for the committee pack: give a folder, as --output pack/.")


def _run_pack(options: argparse.Namespace) -> int:
    """The committee pack, or with ``--publish`` the published figures alone."""
    if options.format:
        raise inputs.UsageError(f"--format {options.format} is for one file of findings: name a file, or leave it out.")
    extras.need("putright audit with a folder for --output", "paper")
    _claim(options)
    with screen.Progress() as progress:
        made = _audited(options).pack(
            options.output,
            publish=options.publish,
            threshold=options.threshold,
            withhold=options.withhold or "breakdowns",
            period_by=options.period_by or "received",
            supplied=options.supplied,
            published=options.published,
            compare=options.compare,
            template=options.template,
            overwrite=options.overwrite,
            also=tuple(filter(None, (options.summary, options.rejected))),
            progress=progress.show,
        )
    _write_beside(options, made.summary, made.rejected)
    console = screen.make_console()
    for part in (*made.render(), *map(escape_markup, made.warnings)):
        console.print(part)
    console.print(escape_markup(f"Written to {options.output}:"))
    for path in made.files:
        console.print(escape_markup(f"  {path.relative_to(Path(options.output))}"))
    return 1 if options.strict and made.found_something else 0


COMMAND = Command("audit", add_arguments, run)
