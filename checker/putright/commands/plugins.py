"""``putright plugins``: what is installed."""

from __future__ import annotations

import argparse

from putright.command import Command
from putright.commands import arguments, inputs, screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its arguments."""
    arguments.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """List the plugins: version, rulebooks, hooks."""
    host = inputs.load_host(options)
    listed = [
        {
            "name": plugin.name,
            "version": plugin.version,
            "rulebooks": [f"{book.rulebook} ({book.edition})" for book in plugin.rulebooks],
            "hooks": list(plugin.hooks),
        }
        for plugin in host.plugins
    ]
    if options.format == "json":
        screen.say_json(listed)
        return 0
    for plugin in listed:
        screen.say(
            f"{plugin['name']} {plugin['version']}",
            f"  rulebooks: {', '.join(plugin['rulebooks']) or 'none'}",
            f"  hooks: {', '.join(plugin['hooks']) or 'none'}",
        )
    return 0


COMMAND = Command("plugins", add_arguments, run)
