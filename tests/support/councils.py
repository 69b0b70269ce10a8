"""Councils made up for tests, and two written by others: plugins that a command has to work on, whatever they have.

Each is an installable folder. ``installed`` puts folders where their entry points are found, as pip would.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import os
import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

#: The rulebooks of the made-up councils, and the folders written by others.
BOOKS = Path(__file__).parent.parent / "councils"


@dataclass(frozen=True)
class Council:
    """A council, and what its plugin gives."""

    name: str
    procedure: str = "corporate"
    closure_days: Mapping[dt.date, str] = field(default_factory=dict)
    folder: str | None = None
    """The folder of one written by others; a made-up one is written from its rulebook."""
    needs: tuple[str, ...] = ()
    """Other plugins that it cannot be without: another nation's national rulebook."""
    governed: bool = True
    """Whether a national rulebook governs it."""
    has_rules: bool = True
    """Whether its procedure makes a rule."""
    hooks: str = ""
    """More of its plugin's module."""

    @property
    def plugins(self) -> tuple[str, ...]:
        """The plugins to load for it."""
        return (*self.needs, self.name)


def _christmas(year: int) -> dict[dt.date, str]:
    return {dt.date(year, 12, day): "Christmas closure" for day in (29, 30, 31)}


#: A plugin with fields, a flag and a word of its own.
_OWN_WORDS = """

from putright.hookspecs import OwnField


@hookimpl
def putright_fields():
    return {
        "early_resolution_offered": OwnField("date", "early resolution offered", after="received"),
        "early_resolution_ended": OwnField("date", "early resolution ended", after="early_resolution_offered"),
        "stage1_called": OwnField("date", "the person was called about stage 1", after="stage1_acknowledged"),
        "at_risk": OwnField("true/false", "somebody is at risk"),
    }


@hookimpl
def putright_flags():
    return {"early_resolution": "may be resolved early"}


@hookimpl
def putright_words():
    return {"mediation": "an offer of mediation"}
"""
#: A plugin with a procedure of its own.
_OWN_PROCEDURE = """

@hookimpl
def putright_procedures():
    return {"schools": "complaints about the schools that the council runs"}
"""

COUNCILS = (
    Council("wordy", has_rules=False),
    Council("twofold"),
    Council("fiveways"),
    Council("threestages"),
    Council("plainly"),
    Council("shutford", closure_days=_christmas(2026) | _christmas(2027)),
    Council("homeham", "housing"),
    Council("careshire", "children"),
    Council("freehold", governed=False),
    Council("earlyham", hooks=_OWN_WORDS),
    Council("schoolham", "schools", governed=False, hooks=_OWN_PROCEDURE),
    Council("thurrock", folder="putright-thurrock"),
    Council("fife", folder="putright-scotland", needs=("spso",)),
)


def write(council: Council, folder: Path) -> Path:
    """Write the installable folder of a council into a folder, and return it."""
    place = folder / f"putright-{council.name}"
    if council.folder:
        return Path(shutil.copytree(BOOKS / council.folder, place))
    module = f"putright_{council.name}"
    (place / module).mkdir(parents=True)
    shutil.copy(BOOKS / f"{council.name}.yaml", place / module)
    (place / module / "__init__.py").write_text(
        "import datetime\nfrom pathlib import Path\n\nfrom putright.hookspecs import hookimpl\n\n\n"
        f"@hookimpl\ndef putright_rulebooks():\n    return [Path(__file__).with_name('{council.name}.yaml')]\n\n\n"
        f"@hookimpl\ndef putright_closure_days():\n    return {dict(council.closure_days)!r}\n{council.hooks}"
    )
    (place / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n\n'
        f'[project]\nname = "putright-{council.name}"\nversion = "1.0"\ndependencies = ["putright"]\n\n'
        f'[project.entry-points.putright]\n{council.name} = "{module}"\n\n'
        f'[tool.setuptools]\npackages = ["{module}"]\n\n[tool.setuptools.package-data]\n{module} = ["*.yaml"]\n'
    )
    return place


@contextlib.contextmanager
def installed(folders: Iterable[Path]) -> Iterator[None]:
    """Plugins found by their entry points, here and in processes begun from here, for as long as this lasts."""
    places = [str(folder) for folder in folders]
    modules = [module for place in places for module in _enter(Path(place))]
    paths = os.pathsep.join(filter(None, [*places, os.environ.get("PYTHONPATH")]))
    _forget(modules)  # a package of the same name may be installed, and imported already
    sys.path[:0] = places
    importlib.invalidate_caches()
    try:
        with mock.patch.dict(os.environ, {"PYTHONPATH": paths}):
            yield
    finally:
        for place in places:
            sys.path.remove(place)
        _forget(modules)


def _forget(packages: Iterable[str]) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]


def _enter(folder: Path) -> list[str]:
    """Write what pip would write of an installable folder, and return its packages."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    points = project["entry-points"]["putright"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = (f"{name} = {module}\n" for name, module in points.items())
    (info / "entry_points.txt").write_text("[putright]\n" + "".join(lines))
    return [module.partition(".")[0] for module in points.values()]
