"""Which plugins, and so which councils, an audit knows."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable, Mapping

from putright import plugins
from putright.mistakes import Problem
from putright.plugins import NATIONAL, Host, Plugin, build

__all__ = ["NATIONAL", "Host", "Plugin", "PluginWarning", "Problem", "build", "load"]


class PluginWarning(UserWarning):
    """A plugin is left out, since something is wrong with it, or deserves a look."""


def load(
    councils: Iterable[str] | None = None,
    *,
    bank_holidays: Mapping[dt.date, str] | None = None,
    strict: bool | None = None,
    quietly: bool = False,
) -> Host:
    """Loads the national rulebooks and those of every council installed, or of these councils only.

    ``bank_holidays`` are days with their names that count as bank holidays in every calendar: for one that was
    announced after this version was made.

    A plugin that cannot be used is left out, with a ``PluginWarning`` and the reasons in ``left_out``. With ``strict``,
    or if ``PUTRIGHT_STRICT_PLUGINS`` is set, it is a Mistake instead. So is one of ``councils`` that cannot be used or
    is not installed. ``quietly`` gives no warnings.
    """
    if isinstance(councils, str):
        councils = [councils]
    names = None if councils is None else [name.strip().lower() for name in councils]
    host = plugins.load(names, bank_holidays, strict=strict)
    for note in () if quietly else host.notes():
        warnings.warn(note, PluginWarning, stacklevel=2)
    return host
