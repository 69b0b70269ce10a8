"""Nothing of anybody's is written over: only a former output of the same kind, unless --overwrite is given."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from casefiles import Result, run
from putright.files import originals
from putright.files.originals import ChangedError, Originals

AS_AT = ("--council", "coventry", "--as-at", "2026-09-30")
SAMPLE = ("sample", "--council", "coventry", "--year-ending", "2026-09-30")
FORMS = ("jsonl", "csv", "xlsx", "parquet")
MINE = b"This is somebody's own file, and its only copy.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few cases, and findings of them."""
    folder = tmp_path_factory.mktemp("made")
    assert run(*SAMPLE, "--cases", "8", "--output", folder / "cases.csv").code == 0
    assert run("audit", folder / "cases.csv", *AS_AT, "--output", folder / "findings.jsonl").code == 0
    (folder / "waivers.yaml").write_text("waivers: []\n")
    (folder / "supplied.yaml").write_text("{}\n")
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


#: Every command that writes files: what it is called with, and the file that it writes.
WRITES: dict[str, tuple[list[str], str]] = {
    **{f"audit {form}": (["audit", "cases.csv", *AS_AT, "--output"], f"out.{form}") for form in FORMS},
    "audit, named otherwise": (["audit", "cases.csv", *AS_AT, "--format", "csv", "--output"], "out.txt"),
    "audit --summary": (["audit", "cases.csv", *AS_AT, "--summary"], "summary.json"),
    "audit --rejected": (["audit", "cases.csv", *AS_AT, "--rejected"], "rejected.jsonl"),
    "watch json": (["watch", "cases.csv", *AS_AT, "--format", "json", "--output"], "watch.json"),
    "watch ics": (["watch", "cases.csv", *AS_AT, "--format", "ics", "--output"], "watch.ics"),
    "assess json": (["assess", "coventry", "--procedure", "corporate", "--output"], "assess.json"),
    "assess xlsx": (["assess", "coventry", "--procedure", "corporate", "--output"], "assess.xlsx"),
    "compare json": (["compare", "coventry", "--output"], "compare.json"),
    "compare xlsx": (["compare", "coventry", "--output"], "compare.xlsx"),
    "handcheck": (["handcheck", "findings.jsonl", "--cases", "3", "--output"], "sheet.xlsx"),
    "sample": (["sample", "--council", "coventry", "--cases", "3", "--output"], "more.csv"),
    "map": (["map", "cases.csv", "--output"], "mapping.yaml"),
}
#: Those whose former output is a person's as soon as it is there.
NEVER = {"sample", "map"}


def called(place: Path, command: list[str], *more: object) -> Result:
    return run(*((place / word if (place / word).is_file() else word) for word in command), *more)


@pytest.mark.parametrize("name", WRITES)
def test_a_file_of_someone_s_stays(place: Path, name: str) -> None:
    command, file = WRITES[name]
    output = place / file
    output.write_bytes(MINE)
    refused = called(place, command, output)
    assert (refused.code, output.read_bytes()) == (2, MINE)
    assert f"{output} is there already" in refused.err and "--overwrite" in refused.err
    assert len(refused.err.splitlines()) == 1
    assert called(place, command, output, "--overwrite").code == 0
    assert output.read_bytes() != MINE


@pytest.mark.parametrize("name", WRITES)
def test_a_former_output_is_replaced_where_it_is_surely_one(place: Path, name: str) -> None:
    command, file = WRITES[name]
    output = place / file
    assert called(place, command, output).code == 0
    assert called(place, command, output).code == (2 if name in NEVER else 0)


def with_a_note(path: Path) -> None:
    """A column of somebody's next to the findings."""
    if path.suffix == ".jsonl":
        path.write_text(path.read_text().replace("{", '{"note":"call her back",', 1))
    elif path.suffix == ".csv":
        path.write_text("note," + path.read_text())
    elif path.suffix == ".parquet":
        pl.read_parquet(path).with_columns(note=pl.lit("call her back")).write_parquet(path)
    elif path.suffix == ".json":
        path.write_text('{"mine": 1}')
    else:
        book = openpyxl.load_workbook(path)
        book.worksheets[0].cell(2, 30).value = "call her back"
        if "findings" in book.sheetnames:
            book.create_sheet("my notes")
        book.save(path)


CHANGED = [name for name in WRITES if name.split()[-1] in (*FORMS, "json", "handcheck")]


@pytest.mark.parametrize("name", CHANGED)
def test_a_former_output_that_someone_added_to_stays(place: Path, name: str) -> None:
    command, file = WRITES[name]
    output = place / file
    assert called(place, command, output).code == 0
    with_a_note(output)
    before = output.read_bytes()
    assert called(place, command, output).code == 2
    assert output.read_bytes() == before


INPUTS: list[tuple[list[str], str]] = [
    (["audit", "cases.csv", *AS_AT, "--output", "{}/cases.csv"], "the file of cases itself"),
    (["audit", "cases.csv", *AS_AT, "--summary", "{}/cases.csv"], "the file of cases itself"),
    (["audit", "cases.csv", *AS_AT, "--waivers", "{}/waivers.yaml", "--rejected", "{}/waivers.yaml"], "waivers itself"),
    (["audit", "cases.csv", *AS_AT, "--output", "{}/pack/", "--supplied", "{}/supplied.yaml", "--summary",
      "{}/supplied.yaml"], "supplied by hand itself"),
    (["audit", "cases.csv", *AS_AT, "--rejected", "{}/link.jsonl"], "the file of cases itself"),
    (["watch", "cases.csv", *AS_AT, "--format", "json", "--output", "{}/cases.csv"], "the file of cases itself"),
    (["handcheck", "findings.jsonl", "--output", "{}/link.xlsx"], "the file of findings itself"),
    (["map", "cases.csv", "--output", "{}/cases.csv"], "the export itself"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "said"), INPUTS)
def test_what_a_run_reads_is_never_written_over(place: Path, command: list[str], said: str) -> None:
    """By whatever name, and even with --overwrite."""
    (place / "link.jsonl").symlink_to(place / "cases.csv")
    os.link(place / "findings.jsonl", place / "link.xlsx")
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    refused = called(place, [word.format(place) for word in command], "--overwrite")
    assert refused.code == 2 and said in refused.err
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


def test_two_outputs_of_one_name_are_refused(place: Path) -> None:
    audit = ("audit", place / "cases.csv", *AS_AT)
    assert "are one file" in run(*audit, "--output", place / "a.jsonl", "--rejected", place / "a.jsonl").err
    assert "are one file" in run(*audit, "--summary", place / "a.jsonl", "--rejected", place / "." / "a.jsonl").err
    within = run(*audit, "--output", f"{place}/pack/", "--summary", place / "pack" / "figures.json")
    assert within.code == 2 and "keep it in another folder" in within.err
    assert not (place / "a.jsonl").exists() and not (place / "pack").exists()


# --- folders --------------------------------------------------------------------------------------


def edited(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n<!-- as the committee asked -->")


def pack(place: Path, *more: object) -> Result:
    return run("audit", place / "cases.csv", *AS_AT, "--output", f"{place}/pack/", *more)


def publish(place: Path, *more: object) -> Result:
    """The same by another's hand, and quicker: fewer documents."""
    return pack(place, "--publish", "--threshold", "1", *more)


def test_a_folder_that_someone_has_edited_stays(place: Path) -> None:
    assert publish(place).code == 0
    (place / "pack" / "agenda.txt").write_bytes(MINE)
    assert publish(place).code == 0, "what is next to it is not in the way"
    edited(place / "pack" / "figures.html")
    before = {path: path.read_bytes() for path in (place / "pack").rglob("*") if path.is_file()}
    refused = publish(place)
    assert refused.code == 2
    assert "figures.html: it has been changed since putright wrote it" in refused.err
    assert {path: path.read_bytes() for path in (place / "pack").rglob("*") if path.is_file()} == before
    assert publish(place, "--overwrite").code == 0
    assert (place / "pack" / "agenda.txt").read_bytes() == MINE


def test_a_file_with_a_pack_s_name_that_no_receipt_names_stays(place: Path) -> None:
    """One known before the audit, and one that is known when the charts are drawn, for which it takes more cases."""
    assert run(*SAMPLE, "--cases", "60", "--output", place / "cases.csv", "--overwrite").code == 0
    (place / "pack" / "charts").mkdir(parents=True)
    for name in ("report.html", "charts/received-by-quarter.png"):
        (place / "pack" / name).write_bytes(MINE)
        refused = pack(place)
        assert refused.code == 2 and f"{name}: it holds a file of that name" in refused.err
        assert (place / "pack" / name).read_bytes() == MINE
        (place / "pack" / name).unlink()


def test_one_kind_of_folder_does_not_become_another(place: Path) -> None:
    assert publish(place).code == 0
    refused = pack(place)
    assert refused.code == 2 and "that folder holds published figures" in refused.err


def test_a_pack_with_its_owner_s_files(place: Path) -> None:
    """Those that name cases are its owner's alone, an edited paper stays, and no figures are published among them."""
    assert pack(place, "--rejected", place / "rejected.jsonl", "--summary", place / "summary.json").code == 0
    private = ["findings.jsonl", "rejected.jsonl", "summary.json", "pack/report.html", "pack/findings.xlsx"]
    assert {stat.S_IMODE((place / name).stat().st_mode) for name in private} == {0o600}
    edited(place / "pack" / "committee-paper.docx")
    refused = pack(place)
    assert refused.code == 2 and "committee-paper.docx: it has been changed" in refused.err
    refused = publish(place)
    assert refused.code == 2 and "which name cases: publish into another folder" in refused.err


# --- what was read --------------------------------------------------------------------------------


def other_case(path: Path) -> None:
    path.write_text(path.read_text() + "\n")


def put_back(path: Path) -> None:
    """Other bytes for a while, and the same size and time as before."""
    before = path.stat()
    path.write_text(path.read_text().replace("SYNTHETIC-0001", "SYNTHETIC-9001"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", [other_case, put_back, Path.unlink])
def test_a_file_that_changes_while_it_is_read_stops_the_run(
    place: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt is of what was read, or there is none."""
    check = Originals.check

    def changed_before(self: Originals) -> None:
        if (place / "cases.csv").exists():
            change(place / "cases.csv")
        check(self)

    monkeypatch.setattr(originals.Originals, "check", changed_before)
    refused = publish(place)
    assert refused.code == 2 and "was changed while it was read" in refused.err
    assert not (place / "pack").exists()


def test_findings_of_a_file_that_changes_are_not_written(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(self: Originals) -> None:
        raise ChangedError("cases.csv was changed while it was read")

    monkeypatch.setattr(originals.Originals, "check", changed)
    assert run("audit", place / "cases.csv", *AS_AT, "--output", place / "new.csv").code == 2
    assert not (place / "new.csv").exists()
