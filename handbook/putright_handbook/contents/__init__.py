"""What each kind of page that is made from rulebooks holds, one kind a module.

``content`` gives a page's parts; ``file`` a file that goes next to it.
"""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes

from putright_handbook.contents import (
    audit,
    card,
    clauses,
    compared,
    council,
    duedates,
    editions,
    exclusions,
    glance,
    letters,
    months,
    rules,
    selfassessment,
    stage,
)
from putright_handbook.page import Page
from putright_handbook.site import Site

#: By the name of a kind (``Page.content``): its parts, from the site, the page's name and the kind's own arguments.
CONTENTS: dict[str, Callable[..., list[nodes.Node]]] = {
    "audit": audit.content,
    "card": card.content,
    "clauses": clauses.content,
    "code": selfassessment.content,
    "compared": compared.content,
    "council": council.content,
    "due-dates": duedates.content,
    "editions": editions.content,
    "exclusions": exclusions.content,
    "glance": glance.content,
    "letters": letters.content,
    "months": months.content,
    "rules": rules.content,
    "stage": stage.content,
}
#: By kind: the name of a file next to the page, and its bytes.
FILES: dict[str, Callable[[Site, Page], tuple[str, bytes]]] = {"card": card.file, "council": council.file}
