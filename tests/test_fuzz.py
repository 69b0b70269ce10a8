"""Whatever bytes a file has, it is read or refused in a sentence: good files of every kind, damaged at random.

``nox -s explore`` damages them otherwise each time.
"""

from __future__ import annotations

import gzip
import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import docx
import openpyxl
import polars as pl
import pytest
import typst
from casefiles import run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from putright import plugins
from putright.casework.findingsfile import read_findings
from putright.casework.handcheck import read_sheet
from putright.casework.waivers import read_waivers
from putright.disclosure.figuresfile import read_figures
from putright.files.readers import read_table
from putright.mapping.mappedtables import apply
from putright.mapping.reading import read_mapping
from putright.mistakes import Mistake
from putright.policy.documents import read_lines
from putright.records.caserecords import read_records
from putright.rulebooks.reading import read_rulebook
from putright.statistics.supplied import read_supplied

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "checker" / "putright" / "examples"
RULEBOOK = HERE / "books" / "testshire.yaml"
HOST = plugins.load(["coventry"])
CASES = pl.DataFrame(
    {
        "reference": ["A1", "A2", "A3"],
        "received": ["2026-03-02", "2026-03-09", "2026-04-01"],
        "council": ["coventry"] * 3,
        "stage1_acknowledged": ["2026-03-05", None, "2026-04-09"],
        "stage1_response_contains": ["ombudsman;reasons", "", "none"],
        "representative": ["true", "no", None],
    }
)


def as_cases(path: Path) -> object:
    return read_records(path, HOST.vocabulary, "coventry")


def through_a_mapping(path: Path) -> object:
    mapping = read_mapping(path, HOST.vocabulary)
    return apply(mapping, read_table(EXAMPLES / "mapping" / "tick-boxes.csv", mapping.file_options))


def as_rulebook(path: Path) -> object:
    return read_rulebook(path, frozenset(HOST.words))


def sheet() -> bytes:
    content = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (CASES.columns, *CASES.rows()):
        book.active.append(list(row))
    book.save(content)
    return content.getvalue()


def parquet() -> bytes:
    content = io.BytesIO()
    CASES.write_parquet(content)
    return content.getvalue()


def document() -> bytes:
    content = io.BytesIO()
    made = docx.Document()
    made.add_heading("Complaints", 1)
    made.add_paragraph("13.6 We acknowledge within five working days.", "List Number")
    made.save(content)
    return content.getvalue()


@cache
def pdf() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        page = Path(name) / "page.typ"
        page.write_text("= Complaints\n13.6 We acknowledge within five working days.\n")
        return bytes(typst.compile(page))


@cache
def written() -> dict[str, bytes]:
    """What putright itself writes and reads back."""
    with tempfile.TemporaryDirectory() as name:
        return _written(Path(name))


def _written(folder: Path) -> dict[str, bytes]:
    (folder / "cases.csv").write_text(CASES.write_csv())
    run("audit", folder / "cases.csv", "--as-at", "2026-06-30", "--output", folder / "findings.jsonl")
    run("audit", folder / "cases.csv", "--as-at", "2026-06-30", "--publish", "--output", f"{folder}/public/")
    run("handcheck", folder / "findings.jsonl", "--output", folder / "sheet.xlsx")
    return {
        "findings.jsonl": (folder / "findings.jsonl").read_bytes(),
        "figures.json": (folder / "public" / "figures.json").read_bytes(),
        "sheet.xlsx": (folder / "sheet.xlsx").read_bytes(),
    }


WAIVERS = b"waivers:\n- {case: A1, rule: respond-stage1, reason: Agreed., who: Head of Service, expires: 2026-12-31}\n"
SUPPLIED = b'population: {residents: 345300, source: "ONS", year: "2025"}\n'
#: By the name of the file: what reads it, and a good one; what putright writes itself is made once.
KINDS: dict[str, tuple[Callable[[Path], object], Callable[[], bytes] | None]] = {
    "cases.csv": (as_cases, lambda: CASES.write_csv().encode()),
    "cases.jsonl": (as_cases, lambda: CASES.write_ndjson().encode()),
    "cases.csv.gz": (as_cases, lambda: gzip.compress(CASES.write_csv().encode(), mtime=0)),
    "cases.xlsx": (as_cases, sheet),
    "cases.parquet": (as_cases, parquet),
    "mapping.yaml": (through_a_mapping, (EXAMPLES / "mapping" / "tick-boxes.yaml").read_bytes),
    "rulebook.yaml": (as_rulebook, RULEBOOK.read_bytes),
    "waivers.yaml": (read_waivers, lambda: WAIVERS),
    "supplied.yaml": (read_supplied, lambda: SUPPLIED),
    "policy.docx": (read_lines, document),
    "policy.pdf": (read_lines, pdf),
    "policy.md": (read_lines, lambda: b"# Complaints\n\n13.6 We acknowledge within five working days.\n"),
    "findings.jsonl": (read_findings, None),
    "sheet.xlsx": (read_sheet, None),
    "figures.json": (read_figures, None),
}


@st.composite
def damage(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Some bytes changed, cut out, doubled, put in, or the end cut off."""
    changes = draw(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1), st.floats(0, 1), st.binary(max_size=6)),
                            min_size=1, max_size=6))  # fmt: skip

    def damaged(content: bytes) -> bytes:
        for what, where, length, other in changes:
            start = int(where * len(content))
            end = start + int(length * min(64, len(content) - start))
            match what:
                case 0:
                    content = content[:start] + other + content[start + len(other) :]
                case 1:
                    content = content[:start] + content[end:]
                case 2:
                    content = content[:end] + content[start:]
                case 3:
                    content = content[:start] + other + content[start:]
                case _:
                    content = content[:start] or content
        return content

    return damaged


@pytest.mark.parametrize("name", KINDS)
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(how=damage())
def test_a_damaged_file_is_read_or_refused_in_a_sentence(
    tmp_path: Path, name: str, how: Callable[[bytes], bytes]
) -> None:
    read, make = KINDS[name]
    path = tmp_path / name
    path.write_bytes(how(make() if make else written()[name]))
    try:
        read(path)
    except Mistake as refused:
        assert str(refused).strip() and "Traceback" not in str(refused)


@pytest.mark.parametrize("name", KINDS)
def test_the_good_file_is_read(tmp_path: Path, name: str) -> None:
    """Or the test above would prove nothing."""
    read, make = KINDS[name]
    (tmp_path / name).write_bytes(make() if make else written()[name])
    assert read(tmp_path / name) is not None
