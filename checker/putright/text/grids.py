"""A table for a terminal, which fits its width with every column there and no word cut.

Columns give way word by word, the widest first. Where even the longest words do not fit next to one another, each row
is shown as a list instead, a line for each column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from putright.text.plaintext import printable

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.text import Text

#: The spaces between two columns: as many as there is room for.
_GAPS = (3, 2, 1)
#: The rows that the widths are chosen by, so that a long table takes no longer than a short one.
_SAMPLED = 200


class _Column:
    """The cells of a column, as wide and as high as they can be."""

    def __init__(self, heading: str, cells: Sequence[str], is_number: bool) -> None:
        words = [word for cell in (heading, *cells) for word in cell.split()]
        self.least = _widest(words)
        """The width at which no word is cut."""
        lines = [line for cell in cells for line in cell.split("\n")]
        self.whole = max(self.least, _widest(lines if is_number else [heading, *lines]))
        """The width at which no line is folded; the heading of numbers may be, since that costs little."""
        self.cells = cells[:_SAMPLED]

    @cached_property
    def _lengths(self) -> list[list[int]]:
        return [[_widest([line]) for line in cell.split("\n")] for cell in self.cells]

    def heights(self, width: int) -> list[int]:
        """About how many lines each row has at this width."""
        return [sum(max(1, -(-length // width)) for length in lines) for lines in self._lengths]


def _widest(texts: Iterable[str]) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, texts), default=0)


def _widths(columns: Sequence[_Column], room: int) -> list[int]:
    """The width of each column, all together in this room, which has space for the longest words.

    A letter at a time is taken where that makes the table longer by the fewest lines, from the widest of such columns.
    """
    spare = room - sum(column.least for column in columns)
    widths = [min(column.whole, column.least + spare) for column in columns]
    heights = [column.heights(width) for column, width in zip(columns, widths, strict=True)]
    while sum(widths) > room:
        tried = {
            place: column.heights(widths[place] - 1)
            for place, column in enumerate(columns)
            if widths[place] > column.least
        }

        costs = {
            place: (sum(map(max, zip(*heights[:place], own, *heights[place + 1 :], strict=True))), -widths[place])
            for place, own in tried.items()
        }
        taken = min(costs, key=costs.__getitem__)
        widths[taken] -= 1
        heights[taken] = tried[taken]
    return widths


class Grid:
    """Rows of plain text under headings, for ``Console.print``.

    Columns named in ``right`` are numbers; the first line of those in ``strong`` is bold; ``ruled`` draws a line
    between rows. A cell may have several lines.
    """

    def __init__(
        self,
        *headings: str,
        title: str = "",
        right: Collection[str] = (),
        strong: Collection[str] = (),
        ruled: bool = False,
    ) -> None:
        self.headings = headings
        self.title = title
        self.right = right
        self.strong = strong
        self.ruled = ruled
        self.rows: list[tuple[str, ...]] = []

    def add(self, *cells: str) -> None:
        """Add a row, a cell for each heading."""
        assert len(cells) == len(self.headings)
        self.rows.append(tuple("\n".join(map(printable, cell.split("\n"))) for cell in cells))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        from rich.text import Text

        if self.title:
            yield Text(printable(self.title), style="bold")
        columns = [
            _Column(heading, [row[place] for row in self.rows], heading in self.right)
            for place, heading in enumerate(self.headings)
        ]
        for gap in _GAPS:
            room = options.max_width - gap * (len(columns) - 1)
            if sum(column.least if gap < max(_GAPS) else column.whole for column in columns) <= room:
                yield self._table(_widths(columns, room), gap)
                break
        else:
            yield from self._list()
        yield ""

    def _table(self, widths: Sequence[int], gap: int) -> RenderableType:
        from rich import box
        from rich.table import Table

        table = Table(
            box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap - 1, 0, 0), show_lines=self.ruled
        )
        for heading, width in zip(self.headings, widths, strict=True):
            justify = "right" if heading in self.right else "left"
            table.add_column(heading, width=width, justify=justify, vertical="top", overflow="fold")  # type: ignore[arg-type]
        for row in self.rows:
            table.add_row(*(self._cell(heading, cell) for heading, cell in zip(self.headings, row, strict=True)))
        return table

    def _cell(self, heading: str, cell: str) -> Text:
        from rich.text import Text

        text = Text(cell)
        if heading in self.strong:
            text.stylize("bold", 0, len(cell.partition("\n")[0]))
        return text

    def _list(self) -> Iterator[RenderableType]:
        """Each row as a line for each of its columns, and an empty line after it."""
        from rich.padding import Padding
        from rich.text import Text

        for row in self.rows:
            yield Text(" ".join(row[0].split()), style="bold")
            for heading, cell in zip(self.headings[1:], row[1:], strict=True):
                if cell.strip():
                    yield Padding(
                        Text(f"{' '.join(heading.split())}: {' '.join(cell.split())}"), (0, 0, 0, 2), expand=False
                    )
            yield ""
