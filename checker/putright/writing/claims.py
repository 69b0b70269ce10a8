"""Decide what a command may overwrite: only an earlier output of the same kind.

Any other file with the name of an output is kept unless ``--overwrite`` is given. A run never overwrites a file that
it reads.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from putright.mistakes import Mistake
from putright.writing import receipts

#: No output of putright has a longer first line, or is a larger JSON document.
_LONGEST_LINE, _LARGEST_JSON = 1_000_000, 200_000_000


class ClaimError(Mistake):
    """An output would overwrite another file; the text names it and says what to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of output, and how to recognise it; None if it may never be replaced without ``--overwrite``."""

    name: str
    known: Callable[[Path], bool] | None = None


@dataclass(frozen=True)
class Claim:
    """An output of a run: its option on the command line, its path and its kind."""

    option: str
    path: Path
    kind: Kind


def check(claims: Iterable[Claim], inputs: Mapping[Path, str], *, overwrite: bool = False) -> None:
    """Refuse outputs of one name, outputs that are inputs, and files that are not former outputs of their kind.

    ``inputs`` are what the run reads, each with what it is ('the file of cases').
    """
    taken: dict[Path, Claim] = {}
    for claim in claims:
        place = _place(claim.path)
        if other := taken.get(place):
            raise ClaimError(f"{other.option} and {claim.option} are one file, {claim.path}: name two.")
        taken[place] = claim
        for path, what in inputs.items():
            if _is_same(claim.path, path):
                raise ClaimError(f"{claim.path} is {what} itself: write to another.")
        if not overwrite and _holds_something(claim.path) and not _is_former(claim):
            what = f", and is not surely a former {claim.kind.name}" if claim.kind.known else ""
            raise ClaimError(f"{claim.path} is there already{what}: give another name, or --overwrite to replace it.")


def check_folder(
    option: str,
    folder: Path,
    kind: str,
    names: Collection[str],
    inputs: Mapping[Path, str],
    *,
    overwrite: bool = False,
) -> None:
    """Refuse to write these names into a folder if putright did not write them or they have changed since.

    ``kind`` is what the folder's receipt has to call itself.
    """
    if folder.exists() and not folder.is_dir():
        raise ClaimError(f"{option} {folder}: that is a file; name a folder.")
    for path, what in inputs.items():
        if any(_is_same(folder / name, path) for name in names):
            raise ClaimError(f"{path} is {what}, and would be written over: keep it in another folder.")
    receipt = receipts.read(folder)
    if receipt and receipt.kind not in (None, kind):
        raise ClaimError(f"{option} {folder}: that folder holds {receipt.kind}: give one of its own for {kind}.")
    if overwrite:
        return
    for name in sorted(names):
        if not (folder / name).exists() or (name == receipts.NAME and receipt):
            continue
        if receipt is None or name not in receipt.files:
            why = "it holds a file of that name that putright did not write there"
        elif receipt.fits(name):
            continue
        else:
            why = "it has been changed since putright wrote it"
        raise ClaimError(f"{folder / name}: {why}: give another folder, or --overwrite to replace it.")


def _place(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # no access, or circular links: writing to it will report that
        return path.absolute()


def _is_same(output: Path, source: Path) -> bool:
    try:
        return output.samefile(source)
    except OSError:  # one does not exist or cannot be accessed: reading or writing it will report that
        return _place(output) == _place(source)


def _holds_something(path: Path) -> bool:
    """Whether it is a file that is not empty; devices and pipes are not."""
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


def _is_former(claim: Claim) -> bool:
    try:
        return claim.kind.known is not None and claim.kind.known(claim.path)
    except Exception:  # a file that cannot be read as one is not one
        return False


# --- how a former output is known -----------------------------------------------------------------


def has_columns(form: str, needed: Collection[str], more: Collection[str] = ()) -> Callable[[Path], bool]:
    """A table in a format of ``outputs.FORMATS`` with these columns, perhaps with some of ``more``, and no others."""

    def known(path: Path) -> bool:
        columns = _HEADINGS[form](path)
        return len(columns) == len(set(columns)) and set(needed) <= set(columns) <= {*needed, *more}

    return known


def has_keys(*keys: str) -> Callable[[Path], bool]:
    """A JSON document of putright's with all these keys at its top."""

    def known(path: Path) -> bool:
        if path.stat().st_size > _LARGEST_JSON:
            return False
        data = json.loads(path.read_bytes())
        return str(data["software"]).startswith("putright ") and set(keys) <= set(data)

    return known


def begins_with(start: bytes) -> Callable[[Path], bool]:
    """A file that begins so."""

    def known(path: Path) -> bool:
        with path.open("rb") as file:
            return file.read(len(start)) == start

    return known


def is_workbook_as_written(path: Path) -> bool:
    """A workbook that still has the digest of the text in its cells, as ``workbooks`` writes it."""
    from putright.writing import workbooks

    return workbooks.is_as_written(path)


def _of_lines(path: Path) -> list[str]:
    with path.open("rb") as file:
        return list(json.loads(file.readline(_LONGEST_LINE)))


def _of_csv(path: Path) -> list[str]:
    with path.open("rb") as file:
        line = file.readline(_LONGEST_LINE).decode("utf-8-sig")
    return next(csv.reader([line]))


def _of_sheet(path: Path) -> list[str]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    try:
        (sheet,) = book.worksheets  # a second one was written by someone else
        return [str(value) for value in next(sheet.iter_rows(max_row=1, values_only=True))]
    finally:
        book.close()


def _of_parquet(path: Path) -> list[str]:
    import polars as pl

    return list(pl.read_parquet_schema(path))


_HEADINGS: dict[str, Callable[[Path], list[str]]] = {
    "jsonl": _of_lines,
    "csv": _of_csv,
    "xlsx": _of_sheet,
    "parquet": _of_parquet,
}
