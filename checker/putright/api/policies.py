"""Written policies, compared with the Codes, with one another and with the council's own document."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from putright.mistakes import Mistake
from putright.plugins import Host
from putright.policy import catalogue, comparison, documents, editions, forms, verification
from putright.policy.catalogue import Catalogue
from putright.policy.comparison import Comparison, StepRow
from putright.policy.editions import Changes
from putright.policy.forms import SelfAssessment
from putright.policy.steps import Step
from putright.policy.verification import Verification
from putright.rulebooks import Rulebook
from putright.rulebooks.reading import read_rulebook

__all__ = [
    "Catalogue",
    "Changes",
    "Comparison",
    "SelfAssessment",
    "Step",
    "StepRow",
    "Verification",
    "assess",
    "changes",
    "compare",
    "policies",
    "rules",
    "verify",
]

#: A council's name, the path of a rulebook, or a rulebook.
Policy = str | os.PathLike[str] | Rulebook


def policies(host: Host, policy: Policy, procedure: str | None = None) -> list[Rulebook]:
    """The rulebooks that are meant: the latest editions of a council's, one of these, or the one in a file.

    One of a council's is named by ``procedure``, or as in ``coventry.corporate``. Raises a Mistake where there is none.
    """
    if isinstance(policy, Rulebook):
        return [policy]
    name = os.fspath(policy)
    if name.endswith((".yaml", ".yml")) or Path(name).is_file():
        return [read_rulebook(Path(name), frozenset(host.words), host.vocabulary)]
    council, _, named = name.strip().lower().partition(".")
    procedure = named or procedure
    if council in host.left_out:
        host.named(council)
    own = {book: editions[-1] for book, editions in host.of_council(council).items()}
    if council not in host.councils or not own:
        known = ", ".join(host.councils) or "none, since no council's plugin is installed"
        raise Mistake(
            f"unknown council {name!r}; known: {known}. "
            "Give the path of a rulebook that is not installed, for example testshire.yaml.",
            field="council",
            value=name,
        )
    wanted = procedure and f"{council}.{procedure}"
    if wanted and wanted not in own:
        known = ", ".join(own)
        said = f"there is no rulebook {wanted}; of this council there are {known}."
        raise Mistake(said, field="procedure", value=procedure)
    return [own[wanted]] if wanted else list(own.values())


def assess(host: Host, policy: Policy, *, procedure: str | None = None, code: str | None = None) -> SelfAssessment:
    """Compares a policy, paragraph by paragraph, with every national rulebook that governs it, or with ``code`` alone.

    ``policy`` is a council's name, the path of a rulebook, or a rulebook. Raises a Mistake where nothing governs it.
    """
    return forms.self_assess(host, policies(host, policy, procedure), code)


def compare(host: Host, councils: Iterable[str], procedure: str = "corporate") -> Comparison:
    """Compares councils' procedures step by step. Raises a Mistake where none has such a procedure."""
    return comparison.compare(host, list(councils), procedure)


def changes(before: Rulebook, after: Rulebook) -> Changes:
    """Says what an edition changes from the one before: steps, and clauses added, reworded and taken out."""
    return editions.changes(before, after)


def rules(host: Host, council: str | None = None) -> Catalogue:
    """Lists every rule with its clause; with a council, those of its own rulebooks and of those that govern them."""
    return catalogue.catalogue(host, None if council is None else host.named(council))


def verify(
    host: Host,
    policy: Policy,
    document: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    procedure: str | None = None,
) -> list[Verification]:
    """Looks for each clause and figure of a policy in the council's own document (.txt, .md, .html, .pdf, .docx).

    Several documents are taken together, for a policy that is spread over several pages. Raises a Mistake where one
    cannot be read.
    """
    paths = [document] if isinstance(document, str | os.PathLike) else document
    texts = [documents.read_lines(Path(path)) for path in paths]
    return [verification.verify(book, *texts) for book in policies(host, policy, procedure)]
