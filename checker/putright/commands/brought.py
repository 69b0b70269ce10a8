"""The commands that plugins bring, found without loading anything that a command needs."""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import entry_points
from typing import Any

from putright import hookspecs
from putright.command import Command
from putright.mistakes import PluginError

#: This project's handbook, whose commands are available whatever plugins are allowed.
HANDBOOK = "handbook"


def brought_commands(ours: Collection[str]) -> list[Command]:
    """The commands that plugins bring, by their names; raises PluginError for one that ``ours`` or another has.

    A plugin that cannot be imported brings none: whatever needs the plugins says so.
    """
    allowed = hookspecs.allowed()
    found: dict[str, Command] = {}
    for point in sorted(entry_points(group=hookspecs.PROJECT), key=lambda point: point.name):
        if allowed is not None and point.name not in (*allowed, HANDBOOK):
            continue
        try:
            give = getattr(point.load(), "putright_commands", None)
            given = give() if give else []
        except Exception:
            continue
        for command in _checked_commands(point.name, given):
            if command.name in ours or command.name in found:
                raise PluginError(
                    f"plugin {point.name!r}: putright_commands: there is a command {command.name!r} already"
                )
            found[command.name] = command
    return list(found.values())


def _checked_commands(name: str, found: Any) -> list[Command]:
    if not isinstance(found, list) or not all(isinstance(command, Command) for command in found):
        what = "a list of putright.command.Command"
        raise PluginError(f"plugin {name!r}: putright_commands must return {what}; it returned {found!r:.100}")
    return found
