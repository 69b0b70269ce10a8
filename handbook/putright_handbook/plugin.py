"""The handbook as a plugin: it brings its commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from putright.hookspecs import hookimpl

if TYPE_CHECKING:
    from putright.command import Command


@hookimpl
def putright_commands() -> list[Command]:
    """``putright handbook`` and ``putright reviews``."""
    from putright_handbook.commands import COMMANDS

    return COMMANDS
