"""What the Ombudsman counted in published decisions, compared with what putright counts."""

from __future__ import annotations

from putright.auditing import ombudsman
from putright.auditing.ombudsman import Comparison, Comparisons
from putright.plugins import Host

__all__ = ["Comparison", "Comparisons", "decisions"]


def decisions(host: Host) -> Comparisons:
    """Compares what the Ombudsman counted in published decisions with what putright counts, with the cause."""
    return ombudsman.compare(host)
