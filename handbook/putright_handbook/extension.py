"""The Sphinx extension that makes the handbook: it reads rulebooks through putright's own plugin host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache
from putright import __version__, calendars
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from putright_handbook import directives, madepages, menus, search, site, writing


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this once for a build."""
    app.connect("config-inited", _begin)
    app.connect("builder-inited", _write)
    app.connect("builder-inited", _keep_templates)
    app.connect("env-get-outdated", _outdated)
    writing.setup(app)
    directives.setup(app)
    menus.setup(app)
    search.setup(app)
    madepages.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _begin(app: Sphinx, config: Config) -> None:
    """Load the rulebooks."""
    found = site.GIVEN.get()
    if found is None:
        from putright.api.hosts import load

        found = site.Site(load(), calendars.today())
    site.begin(Path(app.srcdir), found)


def _write(app: Sphinx) -> None:
    site.current(app.srcdir).write(Path(app.srcdir))


def _keep_templates(app: Sphinx) -> None:
    """Keep the templates as Python compiled them, for the next build."""
    folder = Path(app.doctreedir) / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    templates: Any = app.builder.templates
    templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def _outdated(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    """The pages that show something which has changed since they were made."""
    found = site.current(app.srcdir)
    before: dict[str, str] = getattr(env, _DIGESTS, {})
    now = {docname: found.digest_of(docname) for docname in env.found_docs}
    setattr(env, _DIGESTS, now)
    return [docname for docname, digest in now.items() if before.get(docname) != digest]


#: Where Sphinx's environment keeps, by page, the hash of what it was made from.
_DIGESTS = "putright_digests"
