"""What is due, as plain data between the process that works it out and the page that shows it."""

from __future__ import annotations

from typing import Any

from putright.api.casework import Step


def step_data(step: Step) -> dict[str, Any]:
    """One step still to be done."""
    first = step.deadlines[0]
    return {
        "reference": step.reference,
        "step": step.name,
        "due": step.due.isoformat() if step.due else None,
        "latest": first.latest.isoformat() if first.latest else None,
        "left": first.left,
        "over": first.over,
        "in_days": first.in_days,
        "clauses": [f"{each.rulebook} {each.clause}" for each in step.deadlines],
        "doubts": list(dict.fromkeys(doubt for each in step.deadlines for doubt in each.doubts)),
        "provisional": step.provisional,
    }
