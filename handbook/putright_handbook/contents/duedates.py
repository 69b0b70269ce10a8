"""Give what happened and when, see every date that follows.

The page looks the dates up in tables that the checker worked out. The tables themselves are on pages of their own
(``months``).
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

from docutils import nodes
from putright.api.duetables import ORDINARY, STRAIGHT, Tables
from putright.api.hosts import Host
from putright.calendars import Calendar
from putright.rulebooks import phrases

from putright_handbook import daysoff, duetables, uncertain, wording, writing
from putright_handbook.procedures import Procedure
from putright_handbook.site import Site
from putright_handbook.writing import Content, clause_links, grid, link, para, section


def content(site: Site, docname: str, rulebook: str) -> list[nodes.Node]:
    """Due dates of one procedure, looked up."""
    procedure = site.procedure(rulebook)
    host = site.host
    found = site.due_tables(procedure.book.rulebook)
    data = duetables.as_data(found, host, procedure.title, docname)
    return [
        para("Give the day that something happened. You get every date that follows from it.", "pr-lead"),
        *_straight(found),
        writing.raw(_form(found, data, "../" * docname.count("/"))),
        section("by-month", "The dates by month", *_by_month(site, procedure)),
        section("time-limits", "Time limits for each step", *_counted(procedure), *legend(found, host)),
        *_uncertain(found, host),
        section("calendar-file", "Days that do not count", *_days_off(site, procedure)),
    ]


def _by_month(site: Site, procedure: Procedure) -> Iterator[nodes.Node]:
    """The way to the tables: some months a page, so that this page stays small."""
    closed = closures(procedure, site.host.calendar(procedure.book))
    yield para(f"The same dates as tables, to read and to print. They work without JavaScript. {closed}")
    lines: list[Content] = [link(each.title, f"{procedure.folder}/due-dates/{each.name}") for each in site.spans]
    yield writing.bullets(lines, "pr-row")


def _counted(procedure: Procedure) -> Iterator[nodes.Node]:
    yield para(
        f"{phrases.counting_sentence(procedure.book.beginnings)} "
        "If you reply on the due date, you are on time. If an earlier step is still to come, there are two dates: "
        "keep to the earlier one until that step is done."
    )


def closures(procedure: Procedure, calendar: Calendar) -> str:
    """Whose closure days the tables use."""
    if not procedure.own:
        return "Only weekends and bank holidays are left out: the national rules count days on which a council closes."
    authority = procedure.own.authority
    if not calendar.closures:
        return f"No closure days of {authority} are known, so only weekends and bank holidays are left out."
    return (
        f"Dates by our own procedure leave out the days on which {authority} is closed. Dates by a national rulebook "
        "count those days."
    )


def _straight(found: Tables) -> Iterator[nodes.Node]:
    """What to choose for a complaint straight to stage 2: its request counts as made on the day of receipt."""
    event = "stage2_requested"
    if event in found.kinds[ORDINARY]:
        kind = f"\u2018{STRAIGHT}\u2019, then " if STRAIGHT in found.kinds else ""
        chosen = f"{kind}\u2018{wording.happened(event)}\u2019"
        yield para(f"Does the complaint go straight to stage 2? Choose {chosen}, and give the day you received it.")


def _form(found: Tables, data: object, up: str) -> str:
    """The form and its data; the script shows it, so without scripts the way to the tables is shown instead."""
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    kinds = "".join(f"<option>{html.escape(kind)}</option>" for kind in found.kinds)
    hidden = " hidden" if len(found.kinds) == 1 else ""
    return f"""
<noscript><p class="pr-note">Working out a date on this page needs JavaScript. Without it, use
<a href="#by-month">the dates by month</a>.</p></noscript>
<div class="pr-due" id="look-up" hidden>
<form class="pr-form" novalidate>
<p{hidden}><label for="pr-kind">The complaint is about</label><select id="pr-kind">{kinds}</select></p>
<p class="pr-wide"><label for="pr-event">What happened</label><select id="pr-event"></select></p>
{_date_field("pr-date", "When was that?", f"For example, 27 3 {found.dates[-1].year - 1}")}
{_date_field("pr-then", "When was it acknowledged?", "Leave blank if it has not been yet")}
<p class="pr-wide"><button type="submit">Show the dates</button></p>
</form>
<p class="pr-said visually-hidden" role="status"></p>
<div class="pr-answers"></div>
</div>
<script type="application/json" id="pr-due-data">{content}</script>
<script src="{up}_static/due-dates.js" defer></script>
"""


def _date_field(name: str, legend: str, hint: str) -> str:
    """A date in three fields: its order is British in every browser."""
    parts = "".join(
        f'<span class="pr-part"><label for="{name}-{part}">{part.capitalize()}</label>'
        f'<input id="{name}-{part}" inputmode="numeric" autocomplete="off" size="{size}"></span>'
        for part, size in (("day", 2), ("month", 2), ("year", 4))
    )
    return (
        f'<fieldset id="{name}" class="pr-fieldset" aria-describedby="{name}-hint {name}-error">'
        f"<legend>{legend}</legend>"
        f'<p class="pr-hint" id="{name}-hint">{hint}</p><p class="pr-error" id="{name}-error" hidden></p>'
        f'<div class="pr-three">{parts}</div></fieldset>'
    )


def legend(found: Tables, host: Host) -> Iterator[nodes.Node]:
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
                if said := wording.conditions(book.rulings()[each.rule].rule):
                    time += f". {said}"
                extended = "" if each.extended is None else found.columns[each.extended].heading
                about = [book.title] if each.national else []
                about += [f"edition {each.edition}, {wording.in_force(book)}"] if len(editions) > 1 else []
                who = f" ({', '.join(about)})" if about else ""
                rows.append(
                    [
                        wording.happened(event),
                        wording.step(each.rule) + who,
                        time,
                        extended,
                        clause_links(book, each.clause),
                    ]
                )
        caption = "Time limits for each step" + ("" if len(found.kinds) == 1 else f": {kind.lower()}")
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


def _days_off(site: Site, procedure: Procedure) -> Iterator[nodes.Node]:
    calendar = site.host.calendar(procedure.book)
    if procedure.council:
        yield para(writing.download("Bank holidays and closure days for your calendar (.ics)", f"../{daysoff.FILE}"))
    off = daysoff.days_off(calendar, site.as_at)
    said = {day: "" if day <= calendar.horizon else "Not announced yet" for day in off}
    rows = [[wording.day(day), name, said[day]] for day, name in off.items()]
    closed = " and the council's closure days" if procedure.own else ""
    yield grid(f"{wording.bank_holidays(calendar)}{closed}", ("Day", "What", ""), rows)
