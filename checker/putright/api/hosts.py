"""Which plugins, and so which councils, an audit knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from putright import plugins
from putright.plugins import NATIONAL, Host, Plugin, build

__all__ = ["NATIONAL", "Host", "Plugin", "build", "load"]


def load(councils: Iterable[str] | None = None, *, bank_holidays: Mapping[dt.date, str] | None = None) -> Host:
    """Loads the national rulebooks and those of every council installed, or of these councils only.

    ``bank_holidays`` are days with their names that count as bank holidays in every calendar: for one that was
    announced after this version was made.
    Raises a Mistake that names the plugin where one is not installed or cannot be used.
    """
    if isinstance(councils, str):
        councils = [councils]
    names = None if councils is None else [name.strip().lower() for name in councils]
    return plugins.load(names, bank_holidays)
