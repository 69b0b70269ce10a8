"""Lists of pages: ``putright-national``, ``putright-rules``, ``putright-comparisons``, ``putright-reviews``."""

from __future__ import annotations

from docutils import nodes
from putright.api import clauses
from putright.text.english import capital, written_date
from sphinx.application import Sphinx

from putright_handbook import reviews, wording, writing
from putright_handbook.writing import Content, bullets, grid, link, para, tag


class National(writing.Directive):
    """The Codes and Regulations, with their issuer and legal standing."""

    def run(self) -> list[nodes.Node]:
        rows: list[list[Content]] = [
            [
                link(book.title, clauses.page_of(book, self.site.host)),
                book.authority,
                capital(wording.STANDINGS[book.standing]),
                book.edition,
            ]
            for book in self.site.national.values()
        ]
        headings = ("Code or Regulations", "Whose", "Standing", "Edition")
        return [grid("National rules in this handbook", headings, rows)]


class Rules(writing.Directive):
    """The rulebooks, each with the way to all its rules."""

    def run(self) -> list[nodes.Node]:
        return [
            bullets(
                [link(wording.book_title(book), f"rules/{name}"), f" ({len(book.rulings())} rules)"]
                for name, book in self.site.books.items()
            )
        ]


class Comparisons(writing.Directive):
    """The procedures that can be compared."""

    def run(self) -> list[nodes.Node]:
        return [
            bullets([link(wording.procedure(procedure), f"compare/{procedure}")] for procedure in self.site.compared)
        ]


class Written(writing.Directive):
    """The pages written for everyone, in the order of their menu, each with what it is about."""

    def run(self) -> list[nodes.Node]:
        for path in self.site.written:
            self.env.note_dependency(str(path))
        found = [(path.stem, reviews.front_matter(path)[0]) for path in self.site.written]
        listed = sorted((facts["menu"], name, facts) for name, facts in found if facts.get("about"))
        return [bullets([link(str(facts["short"]), name), f", {facts['about']}"] for _, name, facts in listed)]


class Reviews(writing.Directive):
    """The reviews, with owner and date, the most urgent first."""

    def run(self) -> list[nodes.Node]:
        rows: list[list[Content]] = []
        for item in reviews.items(self.site):
            state = item.state(self.site.as_at)
            due = written_date(item.review_due) if item.review_due else "No date is set"
            last = written_date(item.last_reviewed) if item.last_reviewed else "Not known"
            classes = "pr-bad" if state == reviews.OVERDUE else "pr-none"
            title: list[Content] = [link(item.title, item.docname)]
            if item.warned:
                title.append(nodes.inline("", item.warned, classes=["pr-small", "pr-doubt"]))
            rows.append([title, item.owner, last, [due, " ", tag(state, classes)]])
        said = f"As at {written_date(self.site.as_at)}, when this page was made."
        return [
            para(said),
            grid("Reviews", ("What", "Owner", "Last reviewed", "Review due"), rows, "pr-reviews", "pr-plain"),
        ]


def setup(app: Sphinx) -> None:
    """Make the directives known."""
    app.add_directive("putright-national", National)
    app.add_directive("putright-rules", Rules)
    app.add_directive("putright-comparisons", Comparisons)
    app.add_directive("putright-reviews", Reviews)
    app.add_directive("putright-written", Written)
