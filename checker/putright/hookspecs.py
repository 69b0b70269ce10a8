"""The hooks that a plugin can implement, each called once.

A plugin is a module found by an entry point of the group ``putright``; the entry point's name is
the plugin's name and, for a council, the council's name in case records.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pluggy

from putright.command import Command

PROJECT = "putright"
#: If set, only these plugins are loaded (names, separated by commas); the national one always is.
ALLOW_LIST = "PUTRIGHT_PLUGINS"
#: If set to anything but 0, a plugin that cannot be used stops the run instead of being left out.
STRICT = "PUTRIGHT_STRICT_PLUGINS"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


def allowed() -> list[str] | None:
    """The names of the plugins that ``PUTRIGHT_PLUGINS`` allows; None if it is not set."""
    listed = os.environ.get(ALLOW_LIST)
    return None if listed is None else [name for name in re.split(r"[,\s]+", listed) if name]


def is_strict() -> bool:
    """Whether ``PUTRIGHT_STRICT_PLUGINS`` asks that a plugin which cannot be used stops the run."""
    return os.environ.get(STRICT, "").strip().lower() not in ("", "0", "false", "no")


@hookspec
def putright_rulebooks() -> list[Path]:  # type: ignore[empty-body]
    """The YAML files of the plugin's rulebooks, one for each procedure and edition.

    A council's rulebooks are named ``<plugin name>.<procedure>``.
    """


@hookspec
def putright_closure_days() -> dict[dt.date, str]:  # type: ignore[empty-body]
    """Days on which the council is closed although other councils are open, each with its name.

    They are not working days under the council's own rulebooks; national ones never use them.
    """


@hookspec
def putright_days_open() -> dict[dt.date, str]:  # type: ignore[empty-body]
    """Bank holidays on which the council works although they are in its rulebooks' calendar, each with its name."""


@hookspec
def putright_calendars() -> dict[str, dict[dt.date, str]]:  # type: ignore[empty-body]
    """Calendars that putright does not have: the name that rulebooks give to each, and its days off with their names.

    Saturdays and Sundays are left out. Days off are taken as known up to the end of the last year named.
    """


@hookspec
def putright_words() -> dict[str, str]:  # type: ignore[empty-body]
    """More words for the contents of letters, each with its meaning; existing words cannot be changed."""


@hookspec
def putright_flags() -> dict[str, str]:  # type: ignore[empty-body]
    """Flags of the council's own, each with what it says of a case: words that complete "the complaint …".

    They are the council's alone: another may have a flag of the same name that says something else.
    """


@dataclass(frozen=True)
class OwnField:
    """A field of case records that only this council has."""

    type: Literal["date", "true/false"]
    """How its values are read."""
    meaning: str
    """What it says, in plain English: ``early resolution offered``."""
    after: str | None = None
    """The step that a date comes right after. For a date of the whole case: ``received``, or a step before stage 1, if
    it comes before stage 1; None if it has no place in the order of steps."""


@hookspec
def putright_fields() -> dict[str, OwnField]:  # type: ignore[empty-body]
    """Fields of the council's own, by the names that records and rulebooks give them.

    A field of stage 1, 2 or 3 begins ``stage1_``, ``stage2_`` or ``stage3_``. They are the council's alone: another may
    have a field of the same name that says something else.
    """


@hookspec
def putright_procedures() -> dict[str, str]:  # type: ignore[empty-body]
    """Procedures of the council's own, each with what it is for: ``complaints about the schools that we run``.

    A rulebook and the records of its cases have the name: ``schools`` in ``<plugin name>.schools``. They are the
    council's alone. No national rulebook judges their cases, unless the rulebook's ``governed_by`` names one.
    """


@hookspec
def putright_headings() -> dict[str, list[str]]:  # type: ignore[empty-body]
    """Headings in the council's own exports, by the field of case records that each means.

    ``putright map`` knows them as it knows those of public case systems. Capitals and blanks do not matter.
    """


@hookspec
def putright_notebooks() -> list[Path]:  # type: ignore[empty-body]
    """Training notebooks that the plugin adds, in the order they are taken.

    They are pages (``.md``), files of questions (``.yaml``) or notebooks (``.ipynb``).
    A council's own are made for that council only, those of any other plugin for every council. In the
    cell tagged ``parameters``, ``council``, ``as_at`` and ``seed`` are set; then the notebook is run.
    """


@hookspec
def putright_commands() -> list[Command]:  # type: ignore[empty-body]
    """Commands that the plugin adds to the command line, by names that it does not have yet.

    It is called whenever putright starts, so import what a command needs only when the command runs.
    """
