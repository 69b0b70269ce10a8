"""Case records: read whole, taken from rows or a table, or left in their file to be read a batch at a time."""

from __future__ import annotations

import os
from pathlib import Path

from putright.auditing.casefile import CaseFile
from putright.plugins import Host
from putright.records.caserecords import REJECTED, Records

__all__ = ["REJECTED", "CaseFile", "Records", "open_cases", "read_records"]


def read_records(
    path: str | os.PathLike[str],
    host: Host,
    council: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    *,
    keep_readable: bool = False,
) -> Records:
    """The case records of a file: .csv, .xlsx, .jsonl or .parquet, the first and third also packed (.gz).

    ``council`` is that of rows that name none; without one these are judged by the national rulebooks alone.
    ``mapping`` is the file that says how another layout becomes case records. ``keep_readable`` keeps a case though
    a value of it cannot be read, and lists the value in ``unreadable``. A row that cannot be audited is not an error:
    it is in ``rejected``. Raises a Mistake where the file cannot be read at all.
    """
    return open_cases(path, host, council, mapping, keep_readable=keep_readable).records()


def open_cases(
    path: str | os.PathLike[str],
    host: Host,
    council: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    *,
    keep_readable: bool = False,
) -> CaseFile:
    """The same file, to be audited a batch at a time: millions of cases need no more memory than thousands.

    Nothing is read before it is audited. The arguments are those of ``read_records``.
    """
    where = Path(mapping) if mapping is not None else None
    return CaseFile(Path(path), host, None if council is None else host.named(council), where, keep_readable)
