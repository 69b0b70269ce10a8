"""The commands that the handbook brings: ``putright handbook`` and ``putright reviews``."""

from __future__ import annotations

import argparse

from putright import calendars, extras
from putright.command import Command
from putright.commands import arguments, inputs, screen


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--council", action="append", default=[], help="only this council; may be given more than once")
    parser.add_argument(
        "--as-at",
        type=arguments.date,
        metavar="DATE",
        help="the day as at which pages are shown and reviews are due (default: today)",
    )
    arguments.add_bank_holidays(parser)


def _add_handbook(parser: argparse.ArgumentParser) -> None:
    _add_common(parser)
    parser.add_argument("--output", type=arguments.path, required=True, metavar="DIR", help="the folder to build it in")
    parser.add_argument(
        "--audit",
        type=arguments.path,
        action="append",
        default=[],
        metavar="FILE",
        help="the figures.json of a council's pack; may be given more than once, for several councils",
    )
    parser.add_argument("--without-notebooks", action="store_true", help="leave the training notebooks out")
    parser.add_argument(
        "--in-browser",
        type=arguments.path,
        metavar="FILES",
        help="let notebooks run in the reader's browser; FILES is the folder that python -m "
        "putright_handbook.browserfiles fetched them into",
    )
    parser.add_argument(
        "--contact",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="where readers say that something is wrong on a page: an email address or a form's address; "
        "COUNCIL=ADDRESS for one council's pages (may be given again)",
    )
    arguments.add_overwrite(parser)
    parser.add_argument(
        "--work", type=arguments.path, metavar="DIR", help="a folder that keeps what the next build can use again"
    )


def _add_reviews(parser: argparse.ArgumentParser) -> None:
    _add_common(parser)
    arguments.add_format(parser)
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a page is overdue for review")


def run_handbook(options: argparse.Namespace) -> int:
    """Build the handbook, of every council or of some, as a site that needs nothing from elsewhere."""
    if options.in_browser:
        extras.need("putright handbook --in-browser", "browser")
    extras.need("putright handbook", "handbook")
    from putright_handbook import building, contacts, site
    from putright_handbook.page import HandbookError

    host = inputs.host_of_councils(options)
    figures = dict(site.read_figures(path, host) for path in options.audit)
    as_at = options.as_at or calendars.today()
    if options.in_browser and options.without_notebooks:
        raise HandbookError("--in-browser is about the notebooks, and --without-notebooks leaves them out.")
    told = contacts.read(options.contact, host.councils)
    found = site.Site(host, as_at, figures, not options.without_notebooks, options.in_browser, told)
    built = building.build(found, options.output, options.work, overwrite=options.overwrite)
    screen.say(f"Handbook of {built.pages} pages written to {built.folder}; begin with {built.folder / 'index.html'}.")
    return 0


def run_reviews(options: argparse.Namespace) -> int:
    """List what is due for review, by owner."""
    from putright_handbook import reviews, site

    found = site.Site(inputs.host_of_councils(options), options.as_at or calendars.today())
    data = reviews.as_data(found)
    if options.format == "json":
        screen.say_json(data)
    else:
        screen.say(*reviews.lines(found))
    return 1 if options.strict and any(item["state"] == reviews.OVERDUE for item in data) else 0


COMMANDS = [Command("handbook", _add_handbook, run_handbook), Command("reviews", _add_reviews, run_reviews)]
