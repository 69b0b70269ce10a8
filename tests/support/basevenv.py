"""A virtual environment that has putright and what it depends on, and nothing else.

Nothing is downloaded. The packages that `pip install putright` would install are read from the metadata installed
here, and the environment has only links to them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from shared import made_once

_PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


@dataclass(frozen=True)
class BaseVenv:
    """The environment: its Python, its folder of packages, and the names of the distributions in it."""

    python: Path
    packages: Path
    distributions: frozenset[str]

    def run(self, *arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run putright there."""
        return self._python("-m", "putright", *map(str, arguments), folder=folder)

    def run_all(self, commands: Iterable[str], folder: Path) -> None:
        """Run commands of putright there one after another, in one process; each has to succeed."""
        done = self._python("-c", _RUN_ALL, *commands, folder=folder)
        assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr[-2000:]}"

    def modules(self, *names: str) -> list[str]:
        """Those of these modules that it has."""
        script = f"from importlib.util import find_spec\nprint(*[name for name in {names} if find_spec(name)])"
        done = self.script(script)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def script(self, text: str) -> subprocess.CompletedProcess[str]:
        """Run a script there."""
        return self._python("-c", text)

    def _python(self, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return _run([str(self.python), *words], folder)


#: The last line names the command that fails.
_RUN_ALL = f"""
import shlex, sys
sys.path.append({str(Path(__file__).parent)!r})
import loadedonce
from putright import cli
loadedonce.begin()

for command in sys.argv[1:]:
    if code := cli.main(shlex.split(command)):
        sys.exit(f"putright {{command}}: ends with {{code}}")
"""


def _run(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command that sees what is installed and nothing else."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def make(folder: Path, *wanted: str, without_putright: bool = False) -> BaseVenv:
    """Make the environment of these distributions in a folder: `putright`, `putright[paper]`, `putright-coventry`.

    ``without_putright``: only what they depend on, to install putright itself there.
    """
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    packages = _packages(folder)
    needed = {canonicalize_name(found.name): found for found in _needed(wanted)}
    if without_putright:
        needed = {name: found for name, found in needed.items() if not name.startswith("putright")}
    for found in needed.values():
        for name in _links(found):
            place = Path(os.path.normpath(packages / name))
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(Path(str(found.locate_file(name))).resolve())
    return BaseVenv(folder / "bin" / "python", packages, frozenset(needed))


def at(folder: Path) -> BaseVenv:
    """The environment that is in a folder."""
    packages = _packages(folder)
    there = frozenset(canonicalize_name(found.name) for found in distributions(path=[str(packages)]))
    return BaseVenv(folder / "bin" / "python", packages, there)


def _packages(folder: Path) -> Path:
    return folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def putright_wheel() -> Path:
    """The wheel of putright, built once for all tests and processes from a copy of its sources."""
    return next(made_once("wheel", _build).glob("putright-*.whl"))


def _build(folder: Path) -> None:
    source = _source_tree(folder.parent)
    wheels([source], folder)
    shutil.rmtree(source)  # a wheel needs no tree to look into


def _source_tree(folder: Path) -> Path:
    """A copy of what putright is built from, which the build may write into."""
    root, place = Path(__file__).parent.parent.parent, folder / "putright"
    for name in ("checker", "handbook", "docs"):
        shutil.copytree(root / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(root / name, place / name)
    return place


def wheel(source: Path, folder: Path) -> Path:
    """Build a wheel of an installable folder by pip, without the network, and put it into a folder."""
    options = ("--no-deps", "--no-build-isolation", "--no-index", f"--wheel-dir={folder}")
    built = _run([*_PIP, "wheel", *options, str(source)])
    assert built.returncode == 0, built.stderr
    return max(folder.glob("*.whl"), key=lambda path: path.stat().st_mtime_ns)


#: What pip does in a process of its own for each folder, twice.
_BUILD_ALL = """
import os, sys, tomllib
from importlib import import_module

folder, *sources = sys.argv[1:]
for source in sources:
    os.chdir(source)
    with open("pyproject.toml", "rb") as file:
        backend = tomllib.load(file)["build-system"]["build-backend"]
    import_module(backend).build_wheel(folder)
"""


def wheels(sources: Iterable[Path], folder: Path) -> list[Path]:
    """Build wheels of several folders by their build backends, one after another; every wheel in the folder then."""
    folder.mkdir(parents=True, exist_ok=True)
    built = _run([sys.executable, "-c", _BUILD_ALL, str(folder), *map(str, sources)])
    assert built.returncode == 0, built.stderr
    return sorted(folder.glob("*.whl"))


def install(env: BaseVenv, *wheels: Path) -> None:
    """Install wheels by pip and without the network."""
    there = ["--python", str(env.python), "install", "--no-deps", "--no-index", "--no-compile"]
    done = _run([*_PIP, *there, *map(str, wheels)])
    assert done.returncode == 0, done.stderr


def _links(found: Distribution) -> set[str]:
    """The folders and modules of a distribution, and its files that are kept apart from them; no programs."""
    paths = [PurePosixPath(str(path)) for path in found.files or ()]
    return {
        str(path) if path.parts[0] == ".." else path.parts[0]
        for path in paths
        if path.parts[0] != "__pycache__" and (path.parts[0] != ".." or "share" in path.parts)
    }


def _needed(wanted: Iterable[str]) -> Iterator[Distribution]:
    """Distributions and all that they depend on, with the extras named and no other."""
    waiting, seen = [Requirement(text) for text in wanted], set()
    while waiting:
        need = waiting.pop()
        key = (canonicalize_name(need.name), frozenset(need.extras))
        if key in seen:
            continue
        seen.add(key)
        # A source tree may have metadata of its own, which lists other files.
        found = next(each for each in distributions(name=need.name) if each.read_text("RECORD"))
        yield found
        for other in map(Requirement, found.requires or ()):
            if other.marker is None or any(other.marker.evaluate({"extra": extra}) for extra in need.extras or {""}):
                waiting.append(other)
