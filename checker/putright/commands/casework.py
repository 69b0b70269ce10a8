"""Commands about cases: one explained, what is due, what changed, a sample, a mapping."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from putright import calendars
from putright.commands import inputs, kinds, screen
from putright.text.plaintext import json_text

if TYPE_CHECKING:
    from putright.auditing.audits import Audit
    from putright.casework.watch import Step, Watch
    from putright.plugins import Host


def run_explain(options: argparse.Namespace) -> int:
    """Explain one case: every rule, its clause and its days."""
    from putright.casework import explanation

    host = inputs.load_host(options)
    records = inputs.read_cases(options, host)
    as_at = options.as_at or calendars.today()
    explained = explanation.explain(
        records, host, options.reference.strip(), as_at, every=options.every, handbook=options.handbook
    )
    if options.format == "json":
        screen.say_json(explanation.as_data(explained))
    else:
        screen.say(*explanation.lines(explained))
    return 0


def run_due(options: argparse.Namespace) -> int:
    """Show the dates that follow from a receipt or any later event."""
    from putright import fields
    from putright.casework import duedates

    events = dict(options.event) | ({"received": options.received} if options.received else {})
    if not events:
        raise inputs.UsageError("give --received DATE, or --event FIELD=DATE.")
    for name in events:
        if name not in fields.DATES:
            raise inputs.UsageError(f"{name!r} is no date of a case record; dates: {', '.join(fields.DATES)}.")
    if options.procedure not in fields.PROCEDURES:
        raise inputs.UsageError(f"no procedure is named {options.procedure!r}; known: {', '.join(fields.PROCEDURES)}.")
    host = inputs.load_host(options)
    dates = duedates.due_dates(
        host, inputs.named_council(options, host), options.procedure, events, ";".join(options.flag)
    )
    if options.format == "json":
        screen.say_json([duedates.due_data(date) for date in dates])
    else:
        screen.say(*duedates.due_lines(dates))
    return 0


def run_map(options: argparse.Namespace) -> int:
    """Propose a mapping: how an export in another layout becomes case records."""
    from putright.files.detection import find_form
    from putright.files.readers import read_table
    from putright.mapping import proposing
    from putright.writing import outputs
    from putright.writing.staging import whole_file

    to_file = options.output != outputs.STANDARD_OUTPUT
    inputs.claim(options, ("--output", options.output, kinds.MAPPING))
    found = find_form(options.export)
    table = read_table(options.export, found.form)
    proposal = proposing.proposal(table, found)
    if to_file:
        with whole_file(Path(options.output)) as file:
            file.write(proposal.text.encode("utf-8"))
        screen.say(f"Proposed mapping written to {options.output}: check every line, each says why it is there.")
    else:
        print(proposal.text, end="")
    for note in table.notes:
        screen.say(f"  how the file was read: {note}", to=sys.stdout if to_file else sys.stderr)
    for item in proposal.left or ("nothing; check it all the same",):
        screen.say(f"  left to do: {item}", to=sys.stdout if to_file else sys.stderr)
    return 0


def run_watch(options: argparse.Namespace) -> int:
    """List the open cases by next due date: overdue, today, this week, later."""
    from putright.casework import watch
    from putright.writing import outputs
    from putright.writing.staging import whole_file

    inputs.claim(options, ("--output", options.output, kinds.CALENDAR if options.format == "ics" else kinds.WATCH))
    watched = _watched(options, inputs.load_host(options))
    left_out = []
    if options.format == "ics":
        content, left_out = watch.as_calendar(watched), list(watch.left_out(watched))
    elif options.format == "json":
        content = (json_text(watch.as_data(watched)) + "\n").encode()
    else:
        console = screen.make_console()
        for part in watch.render(watched):
            console.print(part)
        return 0
    if options.output in (None, outputs.STANDARD_OUTPUT):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        with whole_file(Path(options.output), private=True) as file:
            file.write(content)
        screen.say(f"{len(watched.due):,} steps with a due date written to {options.output}", to=sys.stderr)
    if options.format == "ics" and watched.held:
        left_out.append(f"{len(watched.held):,} steps are on hold and have no date: --format text lists them")
    screen.say(*left_out, to=sys.stderr)
    return 0


def _watched(options: argparse.Namespace, host: Host) -> Watch:
    from putright.auditing.batches import audit_batches
    from putright.casework import watch

    def steps(found: Audit) -> list[Step]:
        return watch.open_steps(found, host)

    as_at = options.as_at or calendars.today()
    batches = audit_batches(
        inputs.case_tables(options, host),
        host,
        inputs.named_council(options, host),
        as_at,
        messages=False,
        make=steps,
        keep_readable=options.keep_readable,
    )
    return watch.watch(as_at, batches)


def run_changes(options: argparse.Namespace) -> int:
    """Compare the findings of two audits: what changed, and why."""
    from putright.casework import changes
    from putright.casework.findingsfile import read_findings

    changed = changes.compare(read_findings(options.before), read_findings(options.after))
    return screen.show(options, changes.as_data(changed), changes.render(changed))


def run_handcheck(options: argparse.Namespace) -> int:
    """Draw a random sample of cases to check by hand, or read the filled sheet back."""
    from putright.casework import handcheck
    from putright.casework.findingsfile import read_findings

    if options.read:
        if options.findings or options.output or options.verdict:
            raise inputs.UsageError("--read SHEET stands alone: it reads a filled sheet and draws nothing.")
        agreement = handcheck.read_sheet(options.read)
        return screen.show(options, handcheck.as_data(agreement), handcheck.render(agreement))
    if not (options.findings and options.output):
        raise inputs.UsageError(
            "give FINDINGS and --output FILE.xlsx to draw a sample, or --read FILE.xlsx to read it back."
        )
    if not options.output.lower().endswith(".xlsx"):
        raise inputs.UsageError(
            f"--output {options.output}: the sheet is an Excel workbook, so give a name ending in .xlsx."
        )
    inputs.claim(options, ("--output", options.output, kinds.SHEET))
    sample = handcheck.draw(read_findings(options.findings), options.cases, options.seed, options.verdict)
    handcheck.write_sheet(sample, Path(options.output))
    screen.say(
        f"{len(sample.drawn):,} of {sample.population:,} cases drawn (seed {options.seed}), "
        f"{sample.findings.height:,} findings to check, written to {options.output}."
    )
    return 0


def run_sample(options: argparse.Namespace) -> int:
    """Write synthetic cases of a council, with realistic faults."""
    from putright.synthetic import sample

    if options.cases < 1:
        raise inputs.UsageError("--cases must be 1 or more.")
    host = inputs.load_host(options)
    council = inputs.council_of(options, host)
    inputs.claim(options, ("--output", options.output, kinds.CASES))
    ending = options.year_ending or calendars.today()
    rows = sample.sample(host, council, options.cases, options.seed, year_ending=ending)
    sample.write_sample(rows, options.output)
    screen.say(f"{len(rows):,} synthetic cases of {council} written to {options.output} (seed {options.seed}).")
    return 0


def run_ombudsman(options: argparse.Namespace) -> int:
    """Set what the Ombudsman counted in published decisions beside our count."""
    from putright.auditing import ombudsman

    console = screen.make_console()
    for part in ombudsman.render(ombudsman.compare(inputs.load_host(options))):
        console.print(part)
    return 0
