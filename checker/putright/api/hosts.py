"""Which plugins, and so which councils, an audit knows."""

from __future__ import annotations

from collections.abc import Iterable

from putright import plugins
from putright.plugins import NATIONAL, Host, Plugin, build

__all__ = ["NATIONAL", "Host", "Plugin", "build", "load"]


def load(councils: Iterable[str] | None = None) -> Host:
    """Loads the national rulebooks and those of every council installed, or of these councils only.

    Raises a Mistake that names the plugin where one is not installed or cannot be used.
    """
    if isinstance(councils, str):
        councils = [councils]
    return plugins.load(None if councils is None else [name.strip().lower() for name in councils])
