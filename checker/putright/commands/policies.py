"""Commands about rulebooks: listed, assessed, compared, held against their documents."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from putright.commands import inputs, kinds, screen
from putright.text.plaintext import marked

if TYPE_CHECKING:
    from rich.console import RenderableType

    from putright.writing.claims import Kind


def run_rules(options: argparse.Namespace) -> int:
    """List every rule with its clause, authority and kind."""
    from putright.policy import catalogue

    host = inputs.load_host(options)
    entries = catalogue.catalogue(host, inputs.named_council(options, host))
    return screen.show(options, entries, catalogue.render(entries))


def run_assess(options: argparse.Namespace) -> int:
    """Set a council's policy beside the Codes and Regulations that govern it, paragraph by paragraph."""
    from putright.policy import forms

    inputs.claim(options, ("--output", options.output, _kind(options, kinds.ASSESSMENT, kinds.ASSESSMENT_BOOK)))
    host = inputs.load_host(options)
    assessed = forms.self_assess(host, inputs.named_policies(options, host), options.code)
    if options.output:
        forms.write(assessed, options.output, options.form)
    if options.format == "json":
        screen.say_json(forms.rows(assessed, options.form))
        # Standard output holds the answers and nothing else; what else was found goes beside it.
        parts: Iterable[RenderableType] = forms.contradictions_told(assessed)
    else:
        parts = forms.render(assessed, options.form)
    console = screen.make_console(stderr=options.format == "json")
    for part in parts:
        console.print(part)
    if options.output:
        console.print(marked(f"Self-assessment written to {options.output}"))
    return 0


def run_compare(options: argparse.Namespace) -> int:
    """Set councils' procedures side by side, step by step, with the national rulebook that governs them."""
    from putright.policy import comparison

    inputs.claim(options, ("--output", options.output, _kind(options, kinds.COMPARISON, kinds.COMPARISON_BOOK)))
    compared = comparison.compare(inputs.load_host(options), options.councils, options.procedure)
    if options.output:
        comparison.write(compared, options.output)
    if options.format == "json":
        screen.say_json(comparison.as_data(compared))
        return 0
    console = screen.make_console()
    for part in comparison.render(compared):
        console.print(part)
    if options.output:
        console.print(marked(f"Comparison written to {options.output}"))
    return 0


def _kind(options: argparse.Namespace, document: Kind, workbook: Kind) -> Kind:
    """Which of the two a command writes, by the ending of its name."""
    return workbook if str(options.output).lower().endswith(".xlsx") else document


def run_verify(options: argparse.Namespace) -> int:
    """Look for each clause and figure of a rulebook in the council's own document."""
    from putright.policy import documents, verification

    lines = documents.read_lines(options.document)
    results = [verification.verify(book, lines) for book in inputs.named_policies(options, inputs.load_host(options))]
    if options.format == "json":
        data = [item for result in results for item in verification.as_data(result)]
        screen.say_json(data)
    else:
        console = screen.make_console()
        for result in results:
            for part in verification.render(result):
                console.print(part)
    lost = any(checked.found != "in the clause" for result in results for checked in result)
    return 1 if options.strict and lost else 0


def run_plugins(options: argparse.Namespace) -> int:
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
