"""Rulebooks in words: what a rule asks, what is in doubt of it, where a clause is in the handbook.

Nothing here needs an audit, so that it works in a browser too.
"""

from __future__ import annotations

from putright.policy.anchors import anchor, cited, link, page, page_of
from putright.policy.assessment import Answer
from putright.policy.assessment import assess as assess_pair
from putright.policy.catalogue import Catalogue, catalogue, days_off, terms
from putright.policy.contradictions import Unclear, unclear
from putright.policy.evidence import Verdict

__all__ = [
    "Answer",
    "Catalogue",
    "Unclear",
    "Verdict",
    "anchor",
    "assess_pair",
    "catalogue",
    "cited",
    "days_off",
    "link",
    "page",
    "page_of",
    "terms",
    "unclear",
]
