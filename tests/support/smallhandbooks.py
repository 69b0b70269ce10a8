"""Hosts for small handbooks: the toy council, with three editions of one rulebook."""

from __future__ import annotations

from pathlib import Path

from putright import national, plugins
from putright.hookspecs import hookimpl
from putright.plugins import Host
from putright_handbook.page import PACKAGE

#: By edition: when it is in force, the days for an acknowledgement, and the number of its second clause.
EDITIONS = {
    "before": ("from: 2025-04-01, to: 2026-03-31", 3, "2(1)"),
    "first": ("from: 2026-04-01, to: 2026-12-31", 5, "2"),
    "second": ("from: 2027-01-01", 4, "2A"),
}


class Small:
    """A plugin with three editions of one rulebook."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return [self.folder / f"{edition}.yaml" for edition in EDITIONS]


def small_host(
    folder: Path, change: str = "within five working days", others: tuple[str, ...] = (), code: object = national
) -> Host:
    """The toy council of the handbook, its rulebook copied into a folder and changed there; two editions besides.

    ``others`` are councils of the same rulebook, ``code`` brings the national rulebooks.
    """
    toy = (PACKAGE / "toy" / "corporate.yaml").read_text(encoding="utf-8")
    folder.mkdir(exist_ok=True)
    for edition, (dates, days, number) in EDITIONS.items():
        text = toy.replace("edition: first", f"edition: {edition}").replace("from: 2026-04-01", dates)
        text = text.replace("within: 5 working", f"within: {days} working").replace('id: "2"', f'id: "{number}"')
        (folder / f"{edition}.yaml").write_text(text.replace("within five working days", change))
    for name in others:
        (folder / name).mkdir()
        for edition in EDITIONS:
            text = (folder / f"{edition}.yaml").read_text().replace("toytown", name).replace("Toytown", name.title())
            (folder / name / f"{edition}.yaml").write_text(text)
    more = [(name, Small(folder / name), "0") for name in others]
    return plugins.build([("national", code, "0"), ("toytown", Small(folder), "0"), *more])
