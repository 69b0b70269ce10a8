"""The command line: ``putright audit``, ``explain``, ``due``, ``sample``, ``rules``, ``ombudsman``, ``plugins``.

Heavy imports wait until a command needs them, so that help comes at once. Exit codes: 0 it ran,
1 it ran, ``--strict`` was given and something was found, 2 it could not run.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import gc
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from putright import __version__
from putright.commands import auditing, casework, policies, publishing, screen
from putright.mistakes import Mistake
from putright.writing import processes


def program() -> int:
    """``main`` in a process of its own.

    Nearly all that a command loads lives until it ends: looking for garbage among it, again and again and
    once more at the end, is a fifth of the time a short command takes.
    """
    gc.set_threshold(100_000, 50, 100)
    processes.heed_the_system()
    screen.take_any_letter()
    try:
        code = main()
    except Exception as error:
        if os.environ.get(_WHOLE_STORY):
            raise
        code = _stop(_fault(error))
    finally:
        screen.close()
    gc.freeze()
    return code


#: Where this is set, Python's full account of a fault is shown. It may hold what is in the records.
_WHOLE_STORY = "PUTRIGHT_TRACEBACK"


def _fault(error: Exception) -> str:
    """What to say of a fault of our own: where it lies, and nothing of the records."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "putright" in frame.filename] or frames
    place = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
    return (
        f"this is a fault of putright's own, and no mistake of yours ({type(error).__name__} in {place}). "
        f"Please report it. With {_WHOLE_STORY}=1 it says more, which may hold what is in the records."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Mistakes of any kind are a sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader has gone: nothing more can be said, at exit either
        screen.silence(sys.stdout)
        return 0
    except KeyboardInterrupt as stopped:
        return _stop("stopped.", 143 if isinstance(stopped, processes.Terminated) else 130)
    except Mistake as error:
        return _stop(str(error))
    except MemoryError:
        return _stop("there is not enough memory for this: try a smaller file, or on a larger machine.")
    except OSError as error:
        if error.filename:
            return _stop(f"{os.fsdecode(error.filename)} cannot be used: {error.strerror or error}.")
        screen.silence(sys.stdout)
        return _stop(f"standard output cannot be written: {error.strerror or error}.")


def _stop(why: str, code: int = 2) -> int:
    """Say on standard error why a command ends; nobody may be there to read it."""
    with contextlib.suppress(OSError):
        screen.say(*(f"putright: {line}" for line in why.splitlines()), to=sys.stderr)
    return code


# --- arguments ------------------------------------------------------------------------------------


def _name(text: str) -> str:
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("it is blank: give the name of a file or folder")
    return text


def _path(text: str) -> Path:
    return Path(_name(text))


def _date(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year < 2200:
        raise argparse.ArgumentTypeError(f"{text!r} is no date between 1900 and 2199: write it as 2026-11-22")
    return day


def _year(text: str) -> int:
    parts = re.fullmatch(r"(19[0-9][0-9]|20[0-9][0-9]|21[0-8][0-9])[-/]([0-9]{2})", text)
    if not parts or (int(parts[1]) + 1) % 100 != int(parts[2]):
        raise argparse.ArgumentTypeError(f"{text!r}: write a financial year, April to March, as 2025-26")
    return int(parts[1])


def _event(text: str) -> tuple[str, dt.date]:
    name, equals, day = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r}: write an event as stage2_requested=2026-11-22")
    return name.strip(), _date(day.strip())


def _threshold(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r}: write a whole number from 1 (nothing is withheld) to 1000")
    return int(text)


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
    parsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _audit_arguments(parsers)
    _annual_arguments(parsers)
    _explain_arguments(parsers)
    _due_arguments(parsers)
    _map_arguments(parsers)
    _policy_arguments(parsers)
    _assess_arguments(parsers)
    _compare_arguments(parsers)
    _defence_arguments(parsers)
    _handbook_arguments(parsers)
    _notebooks_arguments(parsers)
    _other_arguments(parsers)
    return parser


def _command(parsers: Any, name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    """A command; what it is for stands in the docstring of the function that runs it."""
    parser: argparse.ArgumentParser = parsers.add_parser(name, help=run.__doc__, description=run.__doc__)
    parser.set_defaults(run=run)
    return parser


def _cases_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "cases",
        type=_path,
        metavar="CASES",
        help="case records: .csv, .xlsx, .jsonl or .parquet (.csv.gz and .jsonl.gz too)",
    )
    parser.add_argument("--mapping", type=_path, metavar="FILE", help="how the file's own layout becomes case records")
    parser.add_argument(
        "--keep-readable",
        action="store_true",
        help="keep a case though a value of it cannot be read: the value counts as not recorded and is listed",
    )


def _map_arguments(parsers: Any) -> None:
    parser = _command(parsers, "map", casework.run_map)
    parser.add_argument("export", type=_path, metavar="EXPORT", help="the export: .csv, .xlsx, .jsonl or .parquet")
    parser.add_argument(
        "--output", required=True, type=_name, metavar="FILE", help="where to write it; - is standard output"
    )
    _overwrite_argument(parser)


def _as_at_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--council", help="the council of rows that name none; without it only national rules apply")
    parser.add_argument("--as-at", type=_date, metavar="DATE", default=None, help="the audit date; today if not given")


def _overwrite_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="write over files that are there already, even if this command did not write them",
    )


def _links_argument(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--handbook", default="", metavar="URL", help=f"the handbook's address: {what}")


def _audit_arguments(parsers: Any) -> None:
    parser = _command(parsers, "audit", auditing.run_audit)
    _cases_arguments(parser)
    _as_at_arguments(parser)
    parser.add_argument("--from", dest="start", type=_date, metavar="DATE", help="only cases received from this day")
    parser.add_argument("--to", dest="end", type=_date, metavar="DATE", help="only cases received up to this day")
    parser.add_argument("--format", choices=("jsonl", "csv", "xlsx", "parquet"), help="write the findings so")
    parser.add_argument(
        "--output",
        type=_name,
        metavar="FILE",
        help="where to write the findings; - is standard output; a folder (pack/) gets the committee pack",
    )
    parser.add_argument("--summary", type=_path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument("--rejected", type=_path, metavar="FILE", help="write the rejected rows as JSON Lines")
    parser.add_argument("--waivers", type=_path, metavar="FILE", help="accepted findings, shown beside their verdicts")
    parser.add_argument("--all", dest="every", action="store_true", help="keep findings that are not applicable")
    parser.add_argument("--messages", action="store_true", help="put the message into Parquet as well")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if there is a breach or a rejected row")
    _overwrite_argument(parser)
    _links_argument(parser, "each finding gets a link to its clause there")
    pack = parser.add_argument_group("the committee pack (--output pack/)")
    pack.add_argument("--publish", action="store_true", help="write the published figures alone: no case is named")
    pack.add_argument("--threshold", type=_threshold, metavar="N", help="withhold counts below N (default: 5)")
    pack.add_argument("--period-by", choices=("received", "due"), help="place findings by day of receipt or due date")
    pack.add_argument("--supplied", type=_path, metavar="FILE", help="what case records cannot show, by hand (YAML)")
    _template_argument(pack)
    _published_argument(pack)


def _annual_arguments(parsers: Any) -> None:
    parser = _command(parsers, "annual", auditing.run_annual)
    _cases_arguments(parser)
    parser.add_argument("--council", required=True, help="the council whose report it is")
    parser.add_argument("--year", type=_year, required=True, metavar="YEAR", help="the financial year, as 2025-26")
    parser.add_argument("--as-at", type=_date, metavar="DATE", help="the audit date; today if not given")
    parser.add_argument("--supplied", type=_path, metavar="FILE", help="what case records cannot show, by hand (YAML)")
    _template_argument(parser)
    _published_argument(parser)
    parser.add_argument("--output", required=True, type=_name, metavar="DIR", help="the folder to write it into")
    _overwrite_argument(parser)
    parser.set_defaults(every=False, handbook="")


def _published_argument(parser: Any) -> None:
    parser.add_argument(
        "--published",
        type=_path,
        metavar="FOLDER",
        nargs="+",
        default=[],
        help="figures published before (their folders), so that these with them give no small count",
    )


def _template_argument(parser: Any) -> None:
    parser.add_argument(
        "--template", type=_path, metavar="DOCX", help="a Word document whose styles and page the Word paper takes"
    )


def _explain_arguments(parsers: Any) -> None:
    parser = _command(parsers, "explain", casework.run_explain)
    _cases_arguments(parser)
    parser.add_argument("reference", metavar="REFERENCE", help="the case's own number")
    _as_at_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--all", dest="every", action="store_true", help="show rules that do not arise as well")
    _links_argument(parser, "links to clauses lead there, and not only on from its first page")


def _due_arguments(parsers: Any) -> None:
    parser = _command(parsers, "due", casework.run_due)
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


def _policy_arguments(parsers: Any) -> None:
    verify = _command(parsers, "verify", policies.run_verify)
    _policy_argument(verify)
    verify.add_argument(
        "--document", type=_path, required=True, metavar="FILE", help="the council's own: .txt, .md, .pdf or .docx"
    )
    verify.add_argument("--strict", action="store_true", help="exit with 1 if something is not where it should be")
    verify.add_argument("--format", choices=("text", "json"), default="text")


def _assess_arguments(parsers: Any) -> None:
    parser = _command(parsers, "assess", policies.run_assess)
    _policy_argument(parser)
    parser.add_argument("--code", metavar="NAME", help="only beside this national rulebook, as lgsco")
    parser.add_argument("--form", choices=("paragraphs", "sections"), help="as the form of either Ombudsman")
    parser.add_argument("--output", type=_name, metavar="FILE", help="write it to a .json or .xlsx file")
    _overwrite_argument(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _compare_arguments(parsers: Any) -> None:
    parser = _command(parsers, "compare", policies.run_compare)
    parser.add_argument("councils", nargs="+", metavar="COUNCIL", help="a council; as many as you like")
    parser.add_argument("--procedure", default="corporate", help="which procedure (default: corporate)")
    parser.add_argument("--output", type=_name, metavar="FILE", help="write it to a .json or .xlsx file")
    _overwrite_argument(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _defence_arguments(parsers: Any) -> None:
    watch = _command(parsers, "watch", casework.run_watch)
    _cases_arguments(watch)
    _as_at_arguments(watch)
    watch.add_argument("--format", choices=("text", "json", "ics"), default="text")
    watch.add_argument(
        "--output", type=_name, metavar="FILE", help="where to write JSON or .ics (default: standard output)"
    )
    _overwrite_argument(watch)

    changes = _command(parsers, "changes", casework.run_changes)
    for name in ("before", "after"):
        meaning = f"the findings of the audit {name}: .jsonl, .csv, .xlsx or .parquet, as audit wrote them"
        changes.add_argument(name, type=_path, metavar=name.upper(), help=meaning)
    changes.add_argument("--format", choices=("text", "json"), default="text")

    handcheck = _command(parsers, "handcheck", casework.run_handcheck)
    handcheck.add_argument("findings", type=_path, nargs="?", metavar="FINDINGS", help="findings as audit wrote them")
    handcheck.add_argument("--cases", type=int, default=30, metavar="N", help="how many cases (default: 30)")
    handcheck.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed draws the same cases")
    handcheck.add_argument(
        "--verdict",
        choices=("met", "breach", "running", "no_evidence", "judgement"),
        help="draw only from cases with such a finding, and check only these findings",
    )
    handcheck.add_argument("--output", type=_name, metavar="FILE", help="the sheet to fill in (.xlsx)")
    _overwrite_argument(handcheck)
    handcheck.add_argument("--read", type=_path, metavar="SHEET", help="read a filled sheet: how often you agreed")
    handcheck.add_argument("--format", choices=("text", "json"), default="text", help="of what --read says")


def _policy_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("policy", metavar="COUNCIL", help="a council, or the path of a rulebook file (.yaml)")
    parser.add_argument("--procedure", help="only this procedure of the council, as corporate")


def _handbook_arguments(parsers: Any) -> None:
    handbook = _command(parsers, "handbook", publishing.run_handbook)
    reviews = _command(parsers, "reviews", publishing.run_reviews)
    for parser in (handbook, reviews):
        parser.add_argument(
            "--council", action="append", default=[], help="only this council; may be given more than once"
        )
        parser.add_argument("--as-at", type=_date, metavar="DATE", help="the day it is made for (default: today)")
    handbook.add_argument("--output", type=_path, required=True, metavar="DIR", help="the folder to build it in")
    handbook.add_argument(
        "--audit", type=_path, action="append", default=[], metavar="FILE", help="the figures.json of a council's pack"
    )
    handbook.add_argument("--without-notebooks", action="store_true", help="leave the training notebooks out")
    handbook.add_argument(
        "--in-browser",
        type=_path,
        metavar="FILES",
        help="notebooks run in the reader's browser, by what 'python -m putright_handbook.browserfiles FILES' fetched",
    )
    _overwrite_argument(handbook)
    handbook.add_argument("--work", type=_path, metavar="DIR", help="keep here what the next build can use again")
    reviews.add_argument("--format", choices=("text", "json"), default="text")
    reviews.add_argument("--strict", action="store_true", help="exit with 1 if a page is overdue for review")


def _notebooks_arguments(parsers: Any) -> None:
    parser = _command(parsers, "notebooks", publishing.run_notebooks)
    parser.add_argument("--council", required=True, help="the council whose clauses, dates and cases they teach")
    parser.add_argument("--output", type=_path, required=True, metavar="DIR", help="the folder to write them into")
    parser.add_argument("--notebook", metavar="NAME", help="only this one, as 1-day-zero")
    parser.add_argument("--as-at", type=_date, metavar="DATE", help="the day they are made for (default: a fixed one)")
    parser.add_argument("--seed", type=int, metavar="S", help="another number gives other made-up cases")
    _overwrite_argument(parser)
    parser.add_argument("--handouts", action="store_true", help="also a Word hand-out of each (needs Node.js)")


def _other_arguments(parsers: Any) -> None:
    sample = _command(parsers, "sample", casework.run_sample)
    sample.add_argument("--council", required=True)
    sample.add_argument("--cases", type=int, default=600, metavar="N", help="how many (default: 600)")
    sample.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same cases")
    sample.add_argument("--year-ending", type=_date, metavar="DATE", help="the last day of the year (default: today)")
    sample.add_argument("--output", type=_path, required=True, metavar="FILE", help=".csv, .xlsx, .jsonl or .parquet")
    _overwrite_argument(sample)

    _command(parsers, "ombudsman", casework.run_ombudsman)
    rules = _command(parsers, "rules", policies.run_rules)
    rules.add_argument("--council", help="only this council's rulebooks and those that govern them")
    rules.add_argument("--format", choices=("text", "json"), default="text")
    plugins = _command(parsers, "plugins", policies.run_plugins)
    plugins.add_argument("--format", choices=("text", "json"), default="text")


if __name__ == "__main__":
    sys.exit(program())
