"""Commands that make the handbook and the training notebooks."""

from __future__ import annotations

import argparse

from putright import calendars
from putright.commands import inputs, screen


def run_handbook(options: argparse.Namespace) -> int:
    """Build the handbook, of every council or of some, as a site that needs nothing from elsewhere."""
    from putright_handbook import building, site

    host = inputs.host_of_councils(options)
    figures = dict(site.read_figures(path, host) for path in options.audit)
    as_at = options.as_at or calendars.today()
    if options.in_browser and options.without_notebooks:
        raise site.HandbookError("--in-browser is about the notebooks, and --without-notebooks leaves them out.")
    found = site.Site(host, as_at, figures, not options.without_notebooks, options.in_browser)
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


def run_notebooks(options: argparse.Namespace) -> int:
    """Write a council's own set of training notebooks, run and with their outputs."""
    from putright.documents.jupyterbook import check_tools
    from putright.training import handouts, notebooks
    from putright.writing import claims

    host = inputs.load_host(options)
    council = inputs.council_of(options, host)
    as_at = options.as_at.isoformat() if options.as_at else notebooks.AS_AT
    seed = notebooks.SEED if options.seed is None else options.seed
    names = [f"{source.name}.ipynb" for source in notebooks.sources(host, council)]
    wanted = [name for name in names if options.notebook in (None, name.removesuffix(".ipynb"))]
    claims.check_folder("--output", options.output, notebooks.KIND, wanted, {}, overwrite=options.overwrite)
    if options.handouts:
        check_tools()
    made = notebooks.make(host, council, as_at, seed, options.notebook)
    files = notebooks.files(made, handouts.project(list(made)))
    if options.handouts:
        files |= handouts.make(made)
    for path in notebooks.write(files, options.output, overwrite=options.overwrite):
        screen.say(str(path))
    return 0
