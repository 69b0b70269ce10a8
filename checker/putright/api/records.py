"""Case records: read whole, taken from rows or a table, or left in their file to be read a batch at a time."""

from __future__ import annotations

import os
from pathlib import Path

from putright.auditing.casefile import CaseFile
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.records.rejections import REJECTED

__all__ = ["REJECTED", "CaseFile", "Records", "open_cases", "read_records"]


def read_records(
    path: str | os.PathLike[str],
    host: Host,
    council: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    *,
    keep_readable: bool = False,
) -> Records:
    """Reads the case records of a file: .csv, .xlsx, .ods, .jsonl or .parquet, or another that ``docs/using.md`` names.

    ``council`` is that of rows that name none; without it, these are judged by the national rulebooks alone.
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
    """Opens a file of case records to be audited a batch at a time, so that it need not fit into memory.

    Nothing is read before it is audited. The arguments, and the kinds of file, are those of ``read_records``.
    """
    where = Path(mapping) if mapping is not None else None
    return CaseFile(Path(path), host, None if council is None else host.named(council), where, keep_readable)
