"""``putright-dictionary``: the fields of a case record, its flags and its words, from the checker's own list."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from putright import fields
from putright.rulebooks import phrases
from putright.text.english import capital
from sphinx.application import Sphinx

from putright_handbook import writing
from putright_handbook.writing import Content, grid, section


class Dictionary(writing.Directive):
    """The data dictionary."""

    def run(self) -> list[nodes.Node]:
        groups: dict[str, list[list[Content]]] = {}
        for field in fields.FIELDS.values():
            group = f"Stage {field.stage}" if field.stage else "The case"
            meaning = capital(field.meaning) + (" (required)" if field.required else "")
            groups.setdefault(group, []).append([nodes.literal("", field.name), str(field.type), meaning])
        parts: list[nodes.Node] = [
            section(
                f"fields-{name.lower().replace(' ', '-')}",
                name,
                grid(f"Fields: {name.lower()}", ("Field", "Type", "Meaning"), rows, "pr-dictionary", "pr-plain"),
            )
            for name, rows in groups.items()
        ]
        words: list[list[Content]] = [
            [nodes.literal("", word), capital(meaning)] for word, meaning in self.site.host.words.items()
        ]
        parts.append(
            section("words", "What a letter holds", grid("Words for what a letter holds", ("Word", "Meaning"), words))
        )
        flags: list[list[Content]] = [[nodes.literal("", flag), capital(phrases.flags(flag))] for flag in fields.FLAGS]
        parts.append(section("flags", "Flags", grid("Flags of a case", ("Flag", "Meaning"), flags)))
        others: list[list[Content]] = [
            ["Procedures", ", ".join(fields.PROCEDURES)],
            ["Outcomes", ", ".join(fields.OUTCOMES)],
        ]
        parts.append(section("values", "Other values", grid("Values of other fields", ("Kind", "Values"), others)))
        return [*parts, *self._own()]

    def _own(self) -> Iterator[nodes.Node]:
        """What each council's plugin adds: nobody else's records have it."""
        for plugin in self.site.host.plugins:
            rows: list[list[Content]] = [
                ["Field", nodes.literal("", name), f"{capital(own.meaning)} ({own.type})"]
                for name, own in plugin.fields.items()
            ]
            rows += [["Flag", nodes.literal("", name), f"The complaint {says}"] for name, says in plugin.flags.items()]
            rows += [
                ["Procedure", nodes.literal("", name), capital(about)] for name, about in plugin.procedures.items()
            ]
            if rows and plugin.is_council:
                name = self.site.authority(plugin.name)
                table = grid(f"What {name} adds", ("Kind", "Name", "Meaning"), rows)
                yield section(f"own-{plugin.name}", f"Only for {name}", table)


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-dictionary", Dictionary)
