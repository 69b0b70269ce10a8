"""What is written appears whole or not at all, whenever a run is killed, and nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from putright.writing import receipts, staging
from putright.writing.staging import Change, WriteError

ABOUT = {"software": "putright 0", "kind": "a pack"}
OLD = {"figures.json": b"old figures", "charts/one.png": b"old chart", "charts/gone.png": b"gone", "page.html": b"same"}
NEW = {"figures.json": b"new figures", "charts/one.png": b"new chart", "charts/more.png": b"more", "page.html": b"same"}
#: What writing touches: a run can be killed before each of these.
TOUCHES = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "tempfile.mkstemp", "tempfile.mkdtemp"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def killed_before(moment: int, work: Callable[[], None]) -> bool:
    """Do the work in a process of its own that is killed before it touches a file for the nth time; whether it was."""
    child = os.fork()
    if child == 0:
        left = moment

        def count(event: str, _: object) -> None:
            nonlocal left
            if event in TOUCHES:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def moments(work: Callable[[int], Callable[[], None]]) -> Iterator[int]:
    """Every moment at which the work can be killed; ``work`` makes what is to be done, again each time."""
    moment = 0
    while killed_before(moment, work(moment)):
        yield moment
        moment += 1


def write(folder: Path, files: dict[str, bytes]) -> None:
    receipts.replace(folder, receipts.certified(files, ABOUT), private=["figures.json"])


def is_whole(folder: Path, files: dict[str, bytes]) -> bool:
    found = contents(folder)
    return found == {**files, receipts.NAME: receipts.receipt(files, ABOUT)}


# --- killed at any moment -------------------------------------------------------------------------


def test_a_folder_killed_at_any_moment_is_never_half_of_one_with_a_receipt(tmp_path: Path) -> None:
    """Nothing looks whole that is not, nobody's file is lost, and the next run leaves nothing of the killed one."""

    def work(moment: int) -> Callable[[], None]:
        folder = tmp_path / str(moment) / "pack"
        write(folder, OLD)
        (folder / "charts" / "mine.txt").write_text("mine")
        return lambda: write(folder, NEW)

    killed = list(moments(work))
    assert len(killed) > 50
    for moment in killed:
        folder = tmp_path / str(moment) / "pack"
        assert (folder / "charts" / "mine.txt").read_text() == "mine"
        receipt = receipts.read(folder)
        if receipt:
            assert receipt.changed() == []
            assert all((folder / name).is_file() for name in receipt.files)
        write(folder, NEW)
        (folder / "charts" / "mine.txt").unlink()
        assert is_whole(folder, NEW), moment
        assert [path.name for path in folder.parent.iterdir()] == ["pack"]


def test_what_was_there_comes_back_after_a_change_that_was_killed(tmp_path: Path) -> None:
    """The next run may be of something else in that folder: what the killed one put aside is back before it."""

    def work(moment: int) -> Callable[[], None]:
        folder = tmp_path / str(moment)
        write(folder, OLD)
        return lambda: write(folder, NEW)

    journals = 0
    for moment in moments(work):
        for journal in (tmp_path / str(moment)).rglob("journal.json"):
            text = journal.read_text()  # blank where the run was killed before it wrote there
            assert not text or set(json.loads(text)) <= {*NEW, receipts.NAME}, (
                "names of files, and nothing of the cases"
            )
            journals += bool(text)
        staging.sweep(tmp_path / str(moment))
        assert is_whole(tmp_path / str(moment), OLD) or is_whole(tmp_path / str(moment), NEW), moment
    assert journals


def test_a_new_folder_killed_at_any_moment_is_there_with_all_its_files_or_not(tmp_path: Path) -> None:
    def work(moment: int) -> Callable[[], None]:
        (tmp_path / str(moment)).mkdir()
        return lambda: write(tmp_path / str(moment) / "pack", NEW)

    for moment in moments(work):
        folder = tmp_path / str(moment) / "pack"
        assert not folder.exists() or is_whole(folder, NEW)
        write(folder, NEW)
        assert [path.name for path in folder.parent.iterdir()] == ["pack"]


def test_a_file_killed_at_any_moment_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    def work(moment: int) -> Callable[[], None]:
        (tmp_path / str(moment)).mkdir()
        path = tmp_path / str(moment) / "findings.csv"
        path.write_bytes(b"old")
        return lambda: staging.put(path, b"new")

    for moment in moments(work):
        path = tmp_path / str(moment) / "findings.csv"
        assert path.read_bytes() in (b"old", b"new")
        staging.put(path, b"newer")
        assert contents(path.parent) == {"findings.csv": b"newer"}


def test_a_private_folder_of_a_killed_run_goes_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def work() -> None:
        with staging.temporary_folder() as folder:
            (folder / "case.txt").write_text("Mrs Jones")
            os.kill(os.getpid(), signal.SIGKILL)

    assert killed_before(1000, work)
    (left,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    with staging.temporary_folder() as folder:
        assert [path for path in tmp_path.iterdir() if path.is_dir()] == [folder]
    assert list(tmp_path.iterdir()) == []


def test_what_a_running_program_uses_is_not_swept(tmp_path: Path) -> None:
    with staging.temporary_folder(tmp_path) as folder, staging.whole_file(tmp_path / "a.csv") as file:
        before = set(tmp_path.iterdir())
        for _ in range(2):
            assert not killed_before(1000, lambda: staging.sweep(tmp_path))
        assert set(tmp_path.iterdir()) == before
        file.write(b"whole")
        assert folder.is_dir()
    assert contents(tmp_path) == {"a.csv": b"whole"}


def test_what_only_looks_like_putright_s_is_not_swept(tmp_path: Path) -> None:
    (tmp_path / ".putright-mine").mkdir()
    (tmp_path / ".putright-mine" / "letter.txt").write_text("mine")
    (tmp_path / ".putright-notes.txt").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".putright-link").symlink_to(tmp_path / "elsewhere")
    staging.put(tmp_path / "a.csv", b"a")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".putright-link", ".putright-mine", ".putright-notes.txt", "a.csv", "elsewhere",
    ]  # fmt: skip


# --- a change that fails --------------------------------------------------------------------------


def test_a_change_that_fails_half_way_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where Windows will not let a paper be moved that is open in Word: whichever of the moves fails."""
    folder = tmp_path / "pack"
    write(folder, OLD)
    really, failing = os.replace, {"at": 0, "so far": 0}

    def replace(source: Path, target: Path) -> None:
        failing["so far"] += 1
        if failing["so far"] == failing["at"]:
            raise PermissionError(13, "The process cannot access the file because it is being used")
        really(source, target)

    monkeypatch.setattr(os, "replace", replace)
    for moment in range(1, 8):
        failing.update({"at": moment, "so far": 0})
        with pytest.raises(WriteError, match="cannot be written: The process cannot access"):
            write(folder, NEW)
        assert is_whole(folder, OLD), (moment, contents(folder))
        assert [path.name for path in tmp_path.iterdir()] == ["pack"]
    failing["at"] = 0
    write(folder, NEW)
    assert is_whole(folder, NEW)


def test_what_cannot_be_put_back_is_kept_for_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fails for good in the middle of a change, nothing that was put aside is lost."""
    folder = tmp_path / "pack"
    write(folder, OLD)
    really, left = os.replace, [3]

    def replace(source: Path, target: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(5, "Input/output error")
        really(source, target)

    with monkeypatch.context() as failing:
        failing.setattr(os, "replace", replace)
        with pytest.raises(WriteError, match="Input/output error"):
            write(folder, NEW)
    assert receipts.read(folder) is not None, "reading puts it back"
    assert is_whole(folder, OLD)


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    write(tmp_path / "pack", OLD)
    with staging.held(tmp_path / "pack" / ".putright-change"), pytest.raises(WriteError, match="another run"):
        write(tmp_path / "pack", NEW)
    write(tmp_path / "pack", NEW)
    assert is_whole(tmp_path / "pack", NEW)


def test_files_as_they_are_to_be_are_not_touched(tmp_path: Path) -> None:
    write(tmp_path / "pack", OLD)
    before = (tmp_path / "pack" / "page.html").stat()
    write(tmp_path / "pack", NEW)
    after = (tmp_path / "pack" / "page.html").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_file_that_putright_made_and_someone_changed_stays_when_it_is_not_made_any_more(tmp_path: Path) -> None:
    write(tmp_path / "pack", OLD)
    (tmp_path / "pack" / "charts" / "gone.png").write_bytes(b"drawn by hand")
    write(tmp_path / "pack", NEW)
    assert (tmp_path / "pack" / "charts" / "gone.png").read_bytes() == b"drawn by hand"


def test_folders_left_empty_go(tmp_path: Path) -> None:
    write(tmp_path / "pack", OLD)
    staging.change(tmp_path / "pack", Change({}, ["charts/one.png", "charts/gone.png"]))
    assert not (tmp_path / "pack" / "charts").exists()


# --- who may read it ------------------------------------------------------------------------------


def test_what_names_cases_is_its_owner_s_alone(tmp_path: Path) -> None:
    with staging.whole_file(tmp_path / "findings.csv", private=True) as file:
        (part,) = tmp_path.iterdir()
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        file.write(b"x")
    write(tmp_path / "pack", NEW)
    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("findings.csv", "pack/figures.json")}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "pack" / "page.html").stat().st_mode) == 0o644
