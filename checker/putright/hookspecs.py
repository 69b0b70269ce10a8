"""What a plugin can give: four hooks, each called once, when the host is built.

A plugin is a module found by an entry point of the group ``putright``; the entry point's name is
the plugin's name and, for a council, the council's name in case records.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pluggy

PROJECT = "putright"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def putright_rulebooks() -> list[Path]:  # type: ignore[empty-body]
    """The YAML files of the plugin's rulebooks, one for each procedure and edition.

    A council's rulebooks are named ``<plugin name>.<procedure>``.
    """


@hookspec
def putright_closure_days() -> dict[dt.date, str]:  # type: ignore[empty-body]
    """Days on which the council is closed though other councils work, each with its name.

    They are no working days under the council's own rulebooks; national ones never use them.
    """


@hookspec
def putright_words() -> dict[str, str]:  # type: ignore[empty-body]
    """More words for what a letter holds, each with its meaning; known ones cannot be changed."""


@hookspec
def putright_notebooks() -> list[Path]:  # type: ignore[empty-body]
    """Training notebooks that the plugin adds: pages (``.md``) or notebooks (``.ipynb``), in the order they are taken.

    A council's own are made for that council only, those of any other plugin for every council. In the
    cell tagged ``parameters``, ``council``, ``as_at`` and ``seed`` are set; then the notebook is run.
    """
