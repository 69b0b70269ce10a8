"""The commands, a module each: its arguments, and what runs it. Heavy imports wait until one runs."""

from __future__ import annotations

from putright.command import Command
from putright.commands import (
    annual,
    assess,
    auditing,
    changes,
    check,
    compare,
    desk,
    due,
    explain,
    handcheck,
    newcouncil,
    notebooks,
    ombudsman,
    plugins,
    proposal,
    rules,
    sample,
    schema,
    verify,
    watch,
)

#: Our own, in the order in which help names them.
OURS: tuple[Command, ...] = tuple(
    module.COMMAND
    for module in (
        desk,
        auditing,
        annual,
        explain,
        due,
        proposal,
        watch,
        changes,
        handcheck,
        newcouncil,
        check,
        verify,
        assess,
        compare,
        notebooks,
        sample,
        ombudsman,
        rules,
        schema,
        plugins,
    )
)
