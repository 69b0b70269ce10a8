"""What a handbook is made from: rulebooks, the day, published figures; and the source tree that is written of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import putright
from putright import __version__, fields
from putright.api import clauses, duetables
from putright.api import figures as published
from putright.api.figures import PublishedFigures
from putright.api.hosts import NATIONAL as NATIONAL_PLUGIN
from putright.api.hosts import Host, Plugin
from putright.api.policies import Comparison, compare
from putright.fields import NATIONAL
from putright.rulebooks import Rulebook, name_of

from putright_handbook import daysoff, documentation, procedures, sitepages, spans
from putright_handbook.page import PACKAGE, HandbookError, Page
from putright_handbook.procedures import Procedure
from putright_handbook.sitepages import QuestionPage
from putright_handbook.spans import Span

#: The hand-written pages.
PAGES = PACKAGE / "pages"
#: The hand-written page that leads to the comparisons.
_COMPARE = "compare"
#: The folder of the source tree that has only pages of the documentation.
MADE = (documentation.FOLDER,)
#: The hand-written page on what to do when a notebook in the browser is slow.
SLOW = "slow-notebooks"


@dataclass(frozen=True)
class Site:
    """The sources of a handbook: the rulebooks, the day, and councils' published figures if given."""

    host: Host
    as_at: dt.date
    figures: dict[str, PublishedFigures] = field(default_factory=dict)
    """The output of ``publication.as_data`` by council; a council without an audit has none."""
    training: bool = False
    """Whether the training notebooks are in it: they take longer than all the rest."""
    browser: Path | None = None
    """The files with which notebooks run in the reader's browser (``browserfiles``); None if they are not to."""
    contacts: dict[str, str] = field(default_factory=dict)
    """Where readers say that something is wrong, by council (``contacts.read``)."""

    # --- rulebooks ------------------------------------------------------------------------------

    @cached_property
    def books(self) -> dict[str, Rulebook]:
        """Of every rulebook the edition by which a complaint received today is judged."""
        return {name: self._todays(editions) for name, editions in self.host.editions.items()}

    def _todays(self, editions: Sequence[Rulebook]) -> Rulebook:
        return [book for book in editions if book is editions[0] or self._begun(book)][-1]

    def _begun(self, book: Rulebook) -> bool:
        return book.in_force.start is None or book.in_force.start <= self.as_at

    def state(self, book: Rulebook) -> str:
        """Whether an edition is ``in force``, ``earlier`` or ``to come``."""
        if book is self.books[book.rulebook]:
            return "in force"
        return "earlier" if self._begun(book) else "to come"

    def edition(self, rulebook: str, edition: str) -> Rulebook:
        """An edition of a rulebook."""
        return next(book for book in self.host.editions[rulebook] if book.edition == edition)

    @cached_property
    def national(self) -> dict[str, Rulebook]:
        return {name: book for name, book in self.books.items() if book.is_national}

    def of(self, council: str) -> dict[str, Rulebook]:
        """A council's own rulebooks by procedure."""
        return {
            procedure: self.books[f"{council}.{procedure}"]
            for procedure in self.host.vocabulary.procedures_of(council)
            if f"{council}.{procedure}" in self.books
        }

    @cached_property
    def _authorities(self) -> dict[str, str]:
        return {council: next(iter(self.of(council).values())).authority for council in self.host.councils}

    def authority(self, council: str) -> str:
        """The full name of a council."""
        return self._authorities[council]

    def governing(self, council: str, procedure: str) -> list[Rulebook]:
        """The national rulebooks that a council's procedure is compared with."""
        own = self.of(council).get(procedure)
        names = own.governed_by if own else []
        if not own and self.host.follows_england(council) and procedure in NATIONAL:
            names = [NATIONAL[procedure]]
        return [self.national[name] for name in names if name in self.national]

    def procedure(self, rulebook: str) -> Procedure:
        """The procedure of a council's rulebook, or that of a national one for those that have none of their own."""
        council, procedure = name_of(rulebook)
        book = self.books[rulebook]
        if procedure is None:
            name = next(name for name, national in NATIONAL.items() if national == rulebook)
            return Procedure(name, None, None, (book,))
        return Procedure(procedure, council, book, tuple(self.governing(council, procedure)))

    def procedures(self, council: str) -> list[Procedure]:
        """Every procedure for complaints to a council, those with national rules alone included."""
        found = []
        for procedure in self.host.vocabulary.procedures_of(council):
            own = self.of(council).get(procedure)
            governing = self.governing(council, procedure)
            if own or governing:
                found.append(self.procedure(own.rulebook if own else governing[0].rulebook))
        return found

    @cached_property
    def national_alone(self) -> list[Procedure]:
        """The procedures that some council has no rulebook of its own for."""
        found = {each.name: each for council in self.host.councils for each in self.procedures(council) if not each.own}
        return [found[name] for name in fields.PROCEDURES if name in found]

    @property
    def all_procedures(self) -> list[Procedure]:
        """Every procedure that has pages."""
        own = [self.procedure(book.rulebook) for council in self.host.councils for book in self.of(council).values()]
        return [*own, *self.national_alone]

    def due_tables(self, rulebook: str) -> duetables.Tables:
        """Every date that follows from every event of a procedure; worked out once for all its pages."""
        if rulebook not in self._due_tables:
            self._due_tables[rulebook] = duetables.tables(self.host, self.books[rulebook], *daysoff.span(self.as_at))
        return self._due_tables[rulebook]

    @cached_property
    def _due_tables(self) -> dict[str, duetables.Tables]:
        return {}

    @cached_property
    def written(self) -> list[Path]:
        """The hand-written pages of this site, without those on something that it does not have."""
        left_out = {_COMPARE: not self.compared, SLOW: self.browser is None}
        return [path for path in sorted(PAGES.glob("*.md")) if not left_out.get(path.stem)]

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The procedures that two councils or more have here."""
        return tuple(
            procedure
            for procedure in fields.PROCEDURES
            if sum(f"{council}.{procedure}" in self.books for council in self.host.councils) > 1
        )

    def comparison(self, procedure: str) -> Comparison:
        """The councils' procedures side by side; worked out once for all its pages."""
        if procedure not in self._comparisons:
            self._comparisons[procedure] = compare(self.host, self.host.councils, procedure)
        return self._comparisons[procedure]

    @cached_property
    def _comparisons(self) -> dict[str, Comparison]:
        return {}

    def stages_compared(self, procedure: str) -> list[int]:
        """The stages with a step in any council's procedure or in the rules that govern it: a page each."""
        names = [f"{council}.{procedure}" for council in self.host.councils]
        found = [self.procedure(name) for name in names if name in self.books]
        return [stage for stage in fields.STAGES if any(stage in each.stages for each in found)]

    def page_with(self, rulebook: str, number: str, edition: str) -> str:
        """The page of a clause, by default in the latest edition that has it; blank if there is none."""
        return self._clauses.get((rulebook, number, edition), "")

    @cached_property
    def _clauses(self) -> dict[tuple[str, str, str], str]:
        found = {}
        for name, editions in self.host.editions.items():
            for book in editions:
                page = clauses.page_of(book, self.host)
                for clause in book.clauses:
                    found[name, clause.id, book.edition] = found[name, clause.id, ""] = page
        return found

    # --- what pages are made from -----------------------------------------------------------------

    def digest_of(self, docname: str) -> str:
        """A hash of what a page may show apart from its own text; if it changes, the page is built again."""
        council, procedure = self._whose(docname)
        if council:
            gift = self._gifts_to[council].get(procedure, self._gifts[council])
            return _hash(self._shared, gift, self.figures.get(council))
        if docname.startswith(("codes/", "rules/", f"{procedures.NATIONAL_FOLDER}/")):
            return self._shared
        if docname.partition("/")[0] == documentation.FOLDER:
            return self._software
        return _hash(self._shared, self.digest, self.figures, self.training, self.browser is not None)

    def _whose(self, docname: str) -> tuple[str | None, str | None]:
        """The council whose rulebooks a page shows in addition to the national ones, and the procedure if it is one's.

        What a page of a procedure shows of the council's others is in their outlines: no page has another's texts.
        """
        folder, _, rest = docname.partition("/")
        council, procedure = rest.split("/")[:2] if folder == "councils" else name_of(rest)
        if folder not in ("councils", "rules") or council not in self.host.councils:
            return None, None
        return council, procedure

    @cached_property
    def _shared(self) -> str:
        """Data that every page may show: the national rulebooks, the day, and the councils, as menus name them."""
        return _hash(
            self._software,
            self._gifts[NATIONAL_PLUGIN],
            self.host.words,
            self.host.added,
            self.as_at,
            self._authorities,
            self.contacts,
        )

    @cached_property
    def digest(self) -> str:
        """A hash of the software and everything that plugins give."""
        return _hash(self._software, self._gifts)

    @cached_property
    def _software(self) -> str:
        code = hashlib.sha256(__version__.encode())
        for folder in (Path(putright.__file__).parent, PACKAGE):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix != ".pyc" and PAGES not in path.parents:
                    code.update(path.read_bytes())
        return code.hexdigest()

    @cached_property
    def _gifts(self) -> dict[str, str]:
        """By plugin, a hash of what it gives."""
        return {plugin.name: _hash(_given(plugin)) for plugin in self.host.plugins}

    @cached_property
    def _gifts_to(self) -> dict[str, dict[str | None, str]]:
        """By plugin and procedure, a hash of what it gives to a page of that procedure; none if it has but one."""
        found: dict[str, dict[str | None, str]] = {}
        for plugin in self.host.plugins:
            names = {book.procedure for book in plugin.rulebooks}
            found[plugin.name] = {name: _hash(_given(plugin, name)) for name in names} if len(names) > 1 else {}
        return found

    # --- pages and files ------------------------------------------------------------------------

    @cached_property
    def spans(self) -> list[Span]:
        """The months of each page of due dates by month."""
        return list(spans.spans(*daysoff.span(self.as_at)))

    @cached_property
    def made(self) -> dict[str, Page]:
        """Every page made from rulebooks, by its name."""
        found: dict[str, Page] = {}
        for page in sitepages.pages(self):
            if page.docname in found:
                raise HandbookError(
                    f"{page.docname}: two editions ({page.edition!r} is one) would be there: rename one of them."
                )
            found[page.docname] = page
        return found

    def place(self, of: Procedure, page: QuestionPage) -> str:
        """Where a page of a procedure is; of the page of clauses, that of the edition in force today."""
        return clauses.page_of(of.book, self.host) if page.kind == "clauses" else f"{of.folder}/{page.name}"

    def write(self, folder: Path) -> None:
        """Write the documentation into a source tree: what changed, and nothing survives that is there no longer."""
        files = documentation.files()
        for path, text in files.items():
            write_changed(folder / path, text.encode("utf-8"))
        remove_others((folder / made for made in MADE), {folder / path for path in files})


def _given(plugin: Plugin, procedure: str | None = None) -> list[object]:
    """What a plugin gives; of rulebooks for another procedure than this one, their outlines."""
    books = [
        (book.rulebook, book.edition, book.digest if procedure in (None, book.procedure) else _outline(book))
        for book in plugin.rulebooks
    ]
    notebooks = [path.read_bytes() for path in plugin.notebooks]
    days = [sorted(each.items()) for each in (plugin.closure_days, plugin.days_open)]
    calendars = sorted((name, sorted(each.days.items())) for name, each in plugin.calendars.items())
    return [plugin.name, books, days, calendars, plugin.words, notebooks]


def _outline(book: Rulebook) -> str:
    """A rulebook without the texts of its clauses."""
    return book.model_dump_json(exclude={"digest": True, "clauses": {"__all__": {"text": True, "note": True}}})


def _hash(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def write_changed(path: Path, content: bytes) -> None:
    """Write a file only if its content changes, so that its time of change stays true."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def remove_others(folders: Iterable[Path], keep: set[Path]) -> None:
    """Delete everything in a folder except ``keep``, including folders left empty."""
    for folder in folders:
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in keep:
                path.unlink()


def read_figures(path: Path, host: Host) -> tuple[str, PublishedFigures]:
    """A council's name and its published figures; a Mistake if the file does not have them."""
    found = published.read_figures(path)
    if found.council is None or found.council not in host.councils:
        raise HandbookError(
            f"--audit {path}: its figures are of {found.council or 'no one council'}, which is not in this handbook."
        )
    return found.council, found


#: The site that ``building.build`` is building; Sphinx run by itself makes its own.
GIVEN: ContextVar[Site | None] = ContextVar("site", default=None)
_CURRENT: dict[str, Site] = {}


def begin(srcdir: Path, site: Site) -> None:
    """Make it known as the site that is built from this source tree."""
    _CURRENT[str(srcdir)] = site


def current(srcdir: Path | str) -> Site:
    """The site that is built from a source tree."""
    return _CURRENT[str(srcdir)]
