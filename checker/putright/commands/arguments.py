"""Arguments that several commands take, and how each is read."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from pathlib import Path
from typing import Any

from putright.text.dates import UnreadableDate, read_date


def name(text: str) -> str:
    """The name of a file or folder, or ``-``."""
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("it is blank: give the name of a file or folder")
    return text


def path(text: str) -> Path:
    """The path of a file or folder."""
    return Path(name(text))


def date(text: str) -> dt.date:
    """A day, as 22/11/2026, 22 November 2026 or 2026-11-22."""
    try:
        return read_date(text)
    except UnreadableDate as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def year(text: str) -> int:
    """A financial year, as 2025-26: the year it begins in."""
    parts = re.fullmatch(r"(19[0-9][0-9]|20[0-9][0-9]|21[0-8][0-9])[-/]([0-9]{2})", text)
    if not parts or (int(parts[1]) + 1) % 100 != int(parts[2]):
        raise argparse.ArgumentTypeError(f"{text!r}: write a financial year, April to March, as 2025-26")
    return int(parts[1])


def event(text: str) -> tuple[str, dt.date]:
    """An event, as stage2_requested=2026-11-22."""
    name, equals, day = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r}: write an event as stage2_requested=2026-11-22")
    return name.strip(), date(day.strip())


def bank_holiday(text: str) -> tuple[dt.date, str]:
    """A bank holiday, as 2027-06-07="Jubilee bank holiday"."""
    day, _, name = text.partition("=")
    if not name.strip():
        raise argparse.ArgumentTypeError(f'{text!r}: write a bank holiday with its name, as 2027-06-07="Jubilee"')
    return date(day.strip()), " ".join(name.split())


def add_withholding(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Which small counts are withheld in figures for publication."""
    parser.add_argument("--threshold", type=threshold, metavar="N", help="withhold counts below N (default: 5)")
    parser.add_argument(
        "--withhold",
        choices=("breakdowns", "everywhere"),
        help="withhold small counts in breakdowns and outcomes alone (default), or in every figure",
    )


def threshold(text: str) -> int:
    """A whole number from 1 to 1000."""
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r}: write a whole number from 1 (nothing is withheld) to 1000")
    return int(text)


def add_cases(parser: argparse.ArgumentParser) -> None:
    """The file of cases, and how it is read."""
    parser.add_argument(
        "cases",
        type=path,
        metavar="CASES",
        help="case records: .csv, .tsv, .xlsx, .xlsm, .xls, .ods, .jsonl or .parquet (.csv.gz and the like too)",
    )
    parser.add_argument("--mapping", type=path, metavar="FILE", help="how the file's own layout becomes case records")
    parser.add_argument(
        "--keep-readable",
        action="store_true",
        help="keep a case though a value of it cannot be read: the value counts as not recorded and is listed",
    )


def add_as_at(parser: argparse.ArgumentParser) -> None:
    """The council of rows that name none, and the audit date."""
    parser.add_argument("--council", help="the council of rows that name none; without it only national rules apply")
    parser.add_argument("--as-at", type=date, metavar="DATE", default=None, help="the audit date; today if not given")
    add_bank_holidays(parser)


def add_bank_holidays(parser: Any) -> None:
    """``--bank-holiday``."""
    parser.add_argument(
        "--bank-holiday",
        type=bank_holiday,
        metavar="DATE=NAME",
        action="append",
        default=[],
        help="a bank holiday announced since this version was made; counts in every calendar (may be given again)",
    )


def add_format(parser: argparse.ArgumentParser, *more: str) -> None:
    """``--format``: text or JSON, and what else a command can show."""
    also = {"ics": ", or a calendar file"}
    parser.add_argument(
        "--format",
        choices=("text", "json", *more),
        default="text",
        help="text to read (the default), JSON for programs" + "".join(also[each] for each in more),
    )


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    """``--overwrite``."""
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="write over files that are there already, even if this command did not write them",
    )


def add_links(parser: argparse.ArgumentParser, what: str) -> None:
    """``--handbook``: links to clauses."""
    parser.add_argument("--handbook", default="", metavar="URL", help=f"the handbook's address: {what}")


def add_template(parser: Any) -> None:
    """``--template``."""
    parser.add_argument(
        "--template", type=path, metavar="DOCX", help="a Word document whose styles and page the Word paper takes"
    )


def add_published(parser: Any) -> None:
    """``--published``."""
    parser.add_argument(
        "--published",
        type=path,
        metavar="FOLDER",
        nargs="+",
        default=[],
        help="folders of figures published before: counts are withheld so that both together give no small one",
    )


def add_compare(parser: Any) -> None:
    """``--compare``."""
    parser.add_argument(
        "--compare",
        type=path,
        metavar="FILE",
        nargs="+",
        default=[],
        help="figures.json of other councils, shown next to ours",
    )


def add_policy(parser: argparse.ArgumentParser) -> None:
    """The policy that a command is about."""
    parser.add_argument(
        "policy",
        metavar="COUNCIL",
        help="a council, one of its rulebooks (coventry.corporate), or the path of a rulebook file (.yaml)",
    )
    parser.add_argument("--procedure", help="only this procedure of the council, for example corporate")
