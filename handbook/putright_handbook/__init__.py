"""The Sphinx extension that makes the handbook: it reads rulebooks through putright's own plugin host.

``site`` says which pages there are; each module of ``directives`` writes a part of a page; ``menus``
gives every page its menu and its facts; ``building`` runs it all for ``putright handbook``.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from putright import __version__
from sphinx.application import Sphinx
from sphinx.config import Config

from putright_handbook import directives, menus, site, writing


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this once for a build."""
    app.add_config_value("putright_digest", "", "env", str)
    app.connect("config-inited", _begin)
    app.connect("builder-inited", _write)
    writing.setup(app)
    directives.setup(app)
    menus.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _begin(app: Sphinx, config: Config) -> None:
    """Load the rulebooks; what they hold is a part of the configuration, so that a change rebuilds every page."""
    found = site.GIVEN.get()
    if found is None:
        from putright.plugins import load

        found = site.Site(load(), dt.date.today())
    site.begin(Path(app.srcdir), found)
    config["putright_digest"] = found.digest


def _write(app: Sphinx) -> None:
    site.current(app.srcdir).write(Path(app.srcdir))
