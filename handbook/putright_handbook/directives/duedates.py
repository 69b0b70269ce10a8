"""``putright-due-dates COUNCIL.PROCEDURE``: pick an event and a day, see every date that follows.

The page looks the dates up in tables that the checker worked out; without JavaScript the tables
themselves are there, by month, to read and to print.
"""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Iterator

from docutils import nodes
from putright import fields
from putright.api.duetables import Tables, tables
from putright.api.hosts import Host
from putright.calendars import Calendar
from putright.rulebooks import phrases
from putright.text.english import capital, day_and_month, written_date
from sphinx import addnodes
from sphinx.application import Sphinx

from putright_handbook import daysoff, duetables, uncertain, wording, writing
from putright_handbook.directives.glance import clause_links
from putright_handbook.site import Site
from putright_handbook.writing import Content, grid, para, section


class DueDates(writing.Directive):
    """Due dates of one procedure, looked up."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        book = self.site.books[self.arguments[0]]
        host = self.site.host
        first, last = daysoff.span(self.site.as_at)
        found = tables(host, book, first, last)
        council = book.name.whose
        data = duetables.as_data(found, host, self.docname)
        download = addnodes.download_reference(
            "",
            "",
            nodes.inline("", "Bank holidays and closure days for your calendar (.ics)"),
            reftarget=f"/councils/{council}/days-off.ics",
            refdoc=self.docname,
            refexplicit=True,
        )
        span = f"{written_date(first)} to {written_date(last)}"
        return [
            para(
                "What happened, and when? Choose both to see the dates that follow. "
                f"{phrases.counting_sentence(book.beginnings)} "
                "Something done on the due date is in time. Where an earlier step is still to come, you see two dates: "
                "keep to the earlier one until that step is done, then choose that step and its day to see one date."
            ),
            writing.raw(_form(found, data)),
            section(
                "by-month",
                "The dates by month",
                para(
                    f"The same dates to read and to print, for events from {span}. Find the event and the step here, "
                    "then the time in the month's table; open a month to see it and to print it. "
                    f"{_closures(book.authority, host.calendar(book))}"
                ),
                *_legend(found, host),
                writing.raw("".join(_months(found, host.calendar(book), self.site.as_at))),
            ),
            *_uncertain(found, host),
            section("calendar-file", "Days that do not count", para([download]), _days_off(self.site, council)),
        ]


def _closures(authority: str, calendar: Calendar) -> str:
    """Whose closure days the tables use."""
    if not calendar.closures:
        return f"No closure days of {authority} are known, so only weekends and bank holidays are left out."
    return (
        f"Dates by our own procedure leave out the days on which {authority} is closed. Dates by a national rulebook "
        "count those days."
    )


def _form(found: Tables, data: object) -> str:
    """The look-up form and its data; the script shows it, so without scripts it stays hidden."""
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    first, last = found.dates[0].isoformat(), found.dates[-1].isoformat()
    kinds = "".join(f"<option>{html.escape(kind)}</option>" for kind in found.kinds)
    hidden = " hidden" if len(found.kinds) == 1 else ""
    return f"""
<div class="pr-due" id="look-up" hidden>
<form class="pr-form">
<p{hidden}><label for="pr-kind">The complaint is about</label><select id="pr-kind">{kinds}</select></p>
<p><label for="pr-event">What happened</label><select id="pr-event"></select></p>
<p><label for="pr-date">On which day</label>
<input type="date" id="pr-date" min="{first}" max="{last}" required aria-describedby="pr-span"></p>
<p class="pr-hint" id="pr-span">From {written_date(found.dates[0])} to {written_date(found.dates[-1])}</p>
</form>
<div class="pr-answers" role="status"></div>
</div>
<script type="application/json" id="pr-due-data">{content}</script>
"""


def _legend(found: Tables, host: Host) -> Iterator[nodes.Node]:
    """The time limit of each event and step."""
    for kind, events in found.kinds.items():
        rows: list[list[Content]] = []
        for event, dates in events.items():
            for each in dates:
                editions = host.editions[each.rulebook]
                book = next(book for book in editions if book.edition == each.edition)
                time = found.columns[each.column].heading
                if each.latest is not None:
                    time = f"from {time} (if the step before it comes on the same day) "
                    time += f"to {found.columns[each.latest].heading} (if it comes on its own last day)"
                if each.other is not None and each.latest is None:
                    time += f" (on another reading of the policy: {found.columns[each.other].heading})"
                extended = "" if each.extended is None else found.columns[each.extended].heading
                about = [book.title] if each.national else []
                about += [f"edition {each.edition}, {wording.in_force(book)}"] if len(editions) > 1 else []
                who = f" ({', '.join(about)})" if about else ""
                rows.append(
                    [
                        capital(fields.noun(event)),
                        wording.step(each.rule) + who,
                        time,
                        extended,
                        clause_links(book, each.clause),
                    ]
                )
        caption = "Which time goes with which step" + ("" if len(found.kinds) == 1 else f": {kind.lower()}")
        yield grid(caption, ("Event", "Date that follows", "Time", "If extended, at most", "Clause"), rows)


def _uncertain(found: Tables, host: Host) -> Iterator[nodes.Node]:
    """Doubts about the time limits and extensions on the page, and the notes on them."""
    rows: list[list[Content]] = []
    for rulebook, edition, name in dict.fromkeys(_rules(found)):
        book = next(book for book in host.editions[rulebook] if book.edition == edition)
        more = book.extension_of(name)
        rulings = [book.rulings()[name], *([more] if more else [])]
        if said := uncertain.beneath(book, *rulings):
            step = wording.step(name) + (f" ({book.title})" if book.is_national else "")
            rows.append([step, said, clause_links(book, ", ".join(ruling.clause for ruling in rulings))])
    if rows:
        lead = "Read this before you rely on a date. Each line has a link to the clause that says more."
        title, headings = "What to know about these dates", ("Step", "In doubt, and notes", "Clause")
        yield section("not-certain", title, para(lead), grid(title, headings, rows, "pr-uncertain", "pr-plain"))


def _rules(found: Tables) -> Iterator[tuple[str, str, str]]:
    """Rulebook, edition and name of each rule with a date on the page."""
    for events in found.kinds.values():
        for dates in events.values():
            yield from ((each.rulebook, each.edition, each.rule) for each in dates)


def _months(found: Tables, calendar: Calendar, as_at: dt.date) -> Iterator[str]:
    """A table for each month; the present one is open."""
    used = _used(found)
    days = _days(found)
    short = [f"{day:%a} {day_and_month(day)}" for day in days]
    full = [f"{text} {day.year}" for text, day in zip(short, days, strict=True)]
    heads = "".join(f'<th scope="col">{html.escape(found.columns[place].heading)}</th>' for place in used)
    month: tuple[int, int] | None = None
    for offset, day in enumerate(found.dates):
        if (day.year, day.month) != month:
            if month:
                yield "</tbody></table></div></details>"
            month = (day.year, day.month)
            opened = " open" if month == (as_at.year, as_at.month) else ""
            yield (
                f'<details class="pr-month"{opened}><summary>{day:%B %Y}</summary>'
                f'<div class="pr-scroll" tabindex="0" role="region" aria-label="Due dates, {day:%B %Y}">'
                f'<table class="pr-dates"><caption>Events in {day:%B %Y}, and the date that follows after</caption>'
                f'<thead><tr><th scope="col">Day of the event</th>{heads}</tr></thead><tbody>'
            )
        why = calendar.why_not(day)
        reason = f"<br><small>{html.escape(why)}</small>" if why and day.weekday() < 5 else ""
        row = f'<tr{" class=pr-off" if why else ""}><th scope="row">{short[offset]}{reason}</th>'
        after = [found.columns[place].days[offset] for place in used]
        shown = [(short if days[offset + n].year == day.year else full)[offset + n] if n >= 0 else "" for n in after]
        yield f"{row}<td>{'</td><td>'.join(shown)}</td></tr>"
    yield "</tbody></table></div></details>"


def _used(found: Tables) -> list[int]:
    """The columns, the shortest time first."""
    return sorted(range(len(found.columns)), key=lambda place: max(found.columns[place].days))


def _days(found: Tables) -> list[dt.date]:
    """Every day of the span, and after it, that a column can give."""
    longest = max(max(column.days) for column in found.columns)
    return [found.first + dt.timedelta(days=offset) for offset in range(found.length + longest)]


def _days_off(site: Site, council: str) -> nodes.Node:
    off = daysoff.days_off(site.host, council, site.as_at)
    calendar = daysoff.calendar_of(site.host, council)
    said = {day: "" if day <= calendar.horizon else "Not announced yet" for day in off}
    rows = [[wording.day(day), name, said[day]] for day, name in off.items()]
    return grid(f"{wording.bank_holidays(calendar)} and the council's closure days", ("Day", "What", ""), rows)


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-due-dates", DueDates)
