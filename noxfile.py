"""The project's tasks. ``nox -s audit`` shows it at work; ``nox -s tests`` runs every test."""

import json
import os
import shutil
import sys
from pathlib import Path

import nox
from filelock import FileLock  # nox needs it too

nox.options.sessions = ["tests", "lint"]
nox.options.error_on_missing_interpreters = True

CONSTRAINTS = "constraints.txt"
OUTPUT = Path("build/audit")
#: Of which lint reads the types; Spark itself is large, and only called.
EXTRAS = ("paper", "training", "handbook", "browser", "desk", "arrow")
#: How pytest shares files out: to a process for each core, and one more, since some wait for a browser or a kernel.
AT_ONCE = ("-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder")
#: The files of which not every line was run, and the total.
COVERAGE = ("--cov=putright", "--cov=putright_handbook", "--cov-report=term:skip-covered")
COUNCILS = ("coventry", "telford-wrekin", "brighton-hove", "stoke-on-trent", "runnymede")
#: The real decisions are audited as at this day, and the synthetic year ends on it, whatever today is.
AS_AT = "2026-09-30"
#: JupyterLab in a training room asks nobody whether to fetch news, and fetches none.
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def _install(session: nox.Session, *extras: str) -> None:
    """Install putright with these extras, and every council."""
    wanted = f".[{','.join(extras)}]" if extras else "."
    folders = sorted(path.parent for path in Path("plugins").glob("*/pyproject.toml"))
    # Built with the setuptools of the session: an environment for each of these builds would take minutes.
    session.install("--quiet", "-c", CONSTRAINTS, "setuptools>=77")
    councils = [f"./{folder.as_posix()}" for folder in folders]
    # Not compiled: Python compiles what is imported when it first is, and most of it never is. It has to keep that,
    # even where a machine asks for the contrary: compiling takes a process three times as long as all that it runs.
    session.env["PYTHONDONTWRITEBYTECODE"] = None
    with FileLock(Path(".nox") / "building.lock"):  # each is built in its own folder, which another session may do too
        for folder in (Path(), *folders):  # files that are no longer in the tree would be installed from there
            shutil.rmtree(folder / "build" / "lib", ignore_errors=True)
        session.install("--quiet", "--no-compile", "--no-build-isolation", "-c", CONSTRAINTS, wanted, *councils)


@nox.session
def audit(session: nox.Session) -> None:
    """Audit real cases by the national rulebooks, and a synthetic year of five councils' by their own too."""
    _install(session)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    session.log("Real complaints from published Ombudsman decisions, by the national rulebooks")
    _audit(session, "checker/putright/examples/ombudsman-decisions.jsonl", "real")
    for council in COUNCILS:
        session.log("A SYNTHETIC year of %s: invented cases with faults, by local and national rulebooks", council)
        cases = str(OUTPUT / f"synthetic-{council}.csv")
        session.run(
            "putright", "sample", "--council", council, "--cases", "600", "--seed", "1",
            "--year-ending", AS_AT, "--output", cases, "--overwrite",
        )  # fmt: skip
        _audit(session, cases, council, "--council", council)
    session.log("One of those cases explained, every day by name")
    cases = str(OUTPUT / "synthetic-coventry.csv")
    session.run("putright", "explain", cases, "SYNTHETIC-0003", "--council", "coventry", "--as-at", AS_AT)
    session.log("What the Ombudsman counted in the real decisions, compared with what putright counts")
    session.run("putright", "ombudsman")
    session.log("All outputs lie in %s:", OUTPUT)
    for path in sorted(OUTPUT.iterdir()):
        session.log("  %s (%s bytes)", path, f"{path.stat().st_size:,}")


def _audit(session: nox.Session, cases: str, name: str, *options: str) -> None:
    session.run(
        "putright", "audit", cases, *options, "--as-at", AS_AT,
        "--output", str(OUTPUT / f"{name}-findings.xlsx"),
        "--summary", str(OUTPUT / f"{name}-summary.json"),
        "--rejected", str(OUTPUT / f"{name}-rejected.jsonl"),
    )  # fmt: skip


@nox.session
def desk(session: nox.Session) -> None:
    """The audit in the browser, with a made-up year of Coventry's cases; stop it with Ctrl-C."""
    _install(session, "desk")
    cases = Path(session.create_tmp()).resolve() / "synthetic-coventry.csv"
    session.run("putright", "sample", "--council", "coventry", "--output", str(cases), "--overwrite")
    session.run("putright", "desk", str(cases), *session.posargs)


@nox.session
def handbook(session: nox.Session) -> None:
    """Build the handbook of every council into build/handbook; what did not change is not made again."""
    _install(session, "handbook")
    session.run("putright", "handbook", "--output", "build/handbook", "--work", "build/handbook-work", *session.posargs)
    session.log("Open build/handbook/index.html, or serve the folder for its search to show what it found.")


@nox.session
def browser(session: nox.Session) -> None:
    """The same with notebooks that run in the reader's browser; fetches Python for browsers once."""
    _install(session, "browser")
    session.run("python", "-m", "putright_handbook.browserfiles", "build/browser")
    session.run(
        "putright", "handbook", "--output", "build/handbook", "--work", "build/handbook-work",
        "--in-browser", "build/browser", *session.posargs,
    )  # fmt: skip
    session.log("Put build/handbook where a web server shows it; to look at it here:")
    session.log("python3 -m http.server --bind 127.0.0.1 --directory build/handbook")


@nox.session
def tests(session: nox.Session) -> None:
    """Every test."""
    _install(session, "test", "lint")  # .ci/run has the linters look at the tree with all that it needs
    # The tests of a file stay together, since they share what is slow to make; files go as conftest.py orders them.
    # From Python 3.12 on what the tests run is measured for next to nothing; before, it takes minutes.
    measured = COVERAGE if sys.version_info >= (3, 12) else ()
    env = {"COVERAGE_CORE": "sysmon"} if measured else {}
    # The tests start some hundred programs, each of which loads sooner without the columns that a traceback underlines.
    session.run("pytest", *AT_ONCE, *measured, *session.posargs, env={"PYTHONNODEBUGRANGES": "1", **env})


@nox.session
def coverage(session: nox.Session) -> None:
    """Every test, and which lines of each file they ran."""
    _install(session, "test")
    session.run("pytest", *AT_ONCE, *COVERAGE, *session.posargs)


@nox.session
def explore(session: nox.Session) -> None:
    """The property tests with other examples each time; what they find becomes an example of its own."""
    _install(session, "test")
    with_examples = sorted(str(path) for path in Path("tests").glob("test_*.py") if "@given" in path.read_text("utf-8"))
    session.run("pytest", *AT_ONCE, "--hypothesis-profile", "explore", *session.posargs, *with_examples)


@nox.session
def clicking(session: nox.Session) -> None:
    """Answer every question of whole notebooks by clicking, for the councils named (all if none is): half an hour."""
    _install(session, "test")
    for place, program in (("JupyterLab", "wholesets"), ("the handbook", "wholebooks")):
        session.log("Notebooks opened in %s", place)
        session.run("python", f"tests/support/{program}.py", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types and structure, of the tree as it is: only what it depends on is installed."""
    project = nox.project.load_toml("pyproject.toml")["project"]
    extras = [project["optional-dependencies"][name] for name in (*EXTRAS, "test", "lint")]
    wanted = [
        need for needs in (project["dependencies"], *extras) for need in needs if not need.startswith("putright[")
    ]
    session.install("--quiet", "--no-compile", "-c", CONSTRAINTS, *wanted)  # most of it is only read
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports", "--no-logo", env={"PYTHONPATH": "checker:handbook"})
    session.run("deptry", "checker", "handbook", "plugins")


@nox.session
def notebooks(session: nox.Session) -> None:
    """Write the committed training notebooks again: after a change in a rulebook, or in what the checker says."""
    _install(session, "training")
    session.run("putright", "notebooks", "--council", "coventry", "--output", "notebooks", "--overwrite")


@nox.session
def train(session: nox.Session) -> None:
    """Open the training notebooks in JupyterLab, a copy of them: a session never changes the originals."""
    _install(session, "train")
    place = Path(session.create_tmp()).resolve() / "notebooks"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree("notebooks", place, ignore=shutil.ignore_patterns("_build", "handouts"))
    session.log("The notebooks lie in %s; the originals stay as they are.", place)
    session.chdir(place)
    # A copy of our own: its pictures are shown before anything is run.
    session.run("jupyter", "trust", *sorted(path.name for path in place.glob("*.ipynb")), silent=True)
    if "--no-browser" in session.posargs:
        session.log("JupyterLab %s is ready.", session.run("jupyter", "lab", "--version", silent=True).strip())
        return
    settings = Path(session.create_tmp()).resolve() / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(QUIET), encoding="utf-8")
    quiet = (f"--LabApp.app_settings_dir={settings}", "--LabApp.news_url=None")
    session.run("jupyter", "lab", "--ServerApp.root_dir", str(place), "1-day-zero.ipynb", *quiet, *session.posargs)


@nox.session
def handouts(session: nox.Session) -> None:
    """The hand-outs of each training notebook, for the councils named (Coventry if none is); needs Node.js 20."""
    _install(session, "training")
    for council in session.posargs or ["coventry"]:
        session.run(
            "putright", "notebooks", "--council", council, "--output", f"build/handouts/{council}", "--handouts"
        )


@nox.session
def docs(session: nox.Session) -> None:
    """Write again what docs/ takes from the code: the rulebook reference, its schema, each command's options."""
    _install(session, "handbook")
    session.run("python", "docs/generate.py")


@nox.session
def freeze(session: nox.Session) -> None:
    """Write the table of bank holidays again from the ``holidays`` library."""
    session.install("--quiet", "-c", CONSTRAINTS, "-e", ".")
    session.run("python", "-c", "from putright import calendars; calendars.freeze()")


@nox.session
def benchmark(session: nox.Session) -> None:
    """Speed and memory as ratios to numpy's due dates, written to tests/benchmarks/results.md."""
    _install(session, "handbook", "desk")
    session.run("python", "tests/benchmarks/benchmark.py", *session.posargs)
    session.run("python", "tests/benchmarks/exports.py")
    session.run("python", "tests/benchmarks/handbook.py")
    session.run("python", "tests/benchmarks/pack.py")
    session.run("python", "tests/benchmarks/desk.py")
