"""How long the handbook takes to build: the councils there are, one page or clause edited, many generated councils.

``nox -s benchmark`` runs it; results go to ``handbook.md`` next to this file. With numbers as arguments, so many
generated councils instead of 75, 150 and 300.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from putright import national, plugins
from putright.hookspecs import hookimpl
from putright_handbook import building, site
from putright_handbook.site import Site

AS_AT = dt.date(2026, 11, 22)
RESULTS = Path(__file__).with_name("handbook.md")
SIZES = (75, 150, 300)


class Generated:
    """A council with a copy of another's rulebook under its own name."""

    def __init__(self, name: str, text: str, folder: Path) -> None:
        self.path = folder / f"{name}.yaml"
        new = text.replace("rulebook: runnymede.", f"rulebook: {name}.", 1)
        self.path.write_text(new.replace("authority: Runnymede", f"authority: {name.title()}", 1), encoding="utf-8")

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        """Its one rulebook."""
        return [self.path]


def generated(count: int, folder: Path) -> plugins.Host:
    """A host of so many generated councils."""
    own = next(plugin for plugin in plugins.load(["runnymede"]).plugins if plugin.name == "runnymede")
    assert own.rulebooks
    import putright_runnymede

    text = (Path(putright_runnymede.__file__).parent / "corporate.yaml").read_text(encoding="utf-8")
    names = [f"council-{number:03}" for number in range(count)]
    made = [(name, Generated(name, text, folder), "0") for name in names]
    return plugins.build([("national", national, "0"), *made])


def with_a_clause_edited(host: plugins.Host, name: str) -> plugins.Host:
    """The host with other words in the first clause of a council's first rulebook."""
    changed = []
    for plugin in host.plugins:
        if plugin.name == name:
            book, *others = plugin.rulebooks
            clause, *rest = book.clauses
            new = [clause.model_copy(update={"text": f"{clause.text} One sentence more."}), *rest]
            book = book.model_copy(update={"clauses": new, "digest": f"{book.digest} edited"})
            plugin = dataclasses.replace(plugin, rulebooks=(book, *others))
        changed.append(plugin)
    return plugins.Host(tuple(changed))


def timed(found: Site, output: Path, work: Path) -> tuple[int, float, float]:
    """Pages, seconds and seconds of a processor's work of one build."""
    began, worked = time.perf_counter(), time.process_time()
    built = building.build(found, output, work)
    return built.pages, time.perf_counter() - began, time.process_time() - worked


def main(sizes: tuple[int, ...]) -> None:
    """Measure, print and write."""
    lines = [
        "# How long the handbook takes to build",
        "",
        f"On {os.cpu_count()} cores, without the notebooks; the load was {os.getloadavg()[2]:.0f} when it began.",
        "A build works on one core; where others use it too, the seconds that its processor worked say more",
        "than those that went by.",
        "",
        "| what | pages | seconds | of work | milliseconds of work a page |",
        "|---|---|---|---|---|",
    ]

    def told(what: str, pages: int, seconds: float, worked: float) -> None:
        lines.append(f"| {what} | {pages:,} | {seconds:.1f} | {worked:.1f} | {1000 * worked / pages:.0f} |")
        print(lines[-1], flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = folder / "pages"
        shutil.copytree(site.PAGES, pages)
        site.PAGES = pages  # so that the edit is not the project's own page
        own = Site(plugins.load(), AS_AT)
        told(f"{len(own.host.councils)} councils, cold", *timed(own, folder / "site", folder / "work"))
        with (pages / "counting.md").open("a", encoding="utf-8") as file:
            file.write("\nOne line more.\n")
        told("one page edited", *timed(own, folder / "site", folder / "work"))
        edited = Site(with_a_clause_edited(own.host, "coventry"), AS_AT)
        told("one clause of a rulebook edited", *timed(edited, folder / "site", folder / "work"))
        for size in sizes:
            place = folder / str(size)
            place.mkdir()
            many = Site(generated(size, place), AS_AT)
            told(f"{size} generated councils, cold", *timed(many, place / "site", place / "work"))
            shutil.rmtree(place)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
