"""The words that staff meet in procedures and Codes, each in plain words, with the paragraphs that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes

from putright_handbook import writing

PAGE = "glossary"
#: The pages of a procedure where a word leads here at its first use; others are lists, forms and sources.
_LINKED = re.compile(r"(?:councils/[^/]+|national)/[^/]+/(?:index|stage-\d|not-complaints|letters)")


@dataclass(frozen=True)
class Term:
    """A word: what it means, how else it is written in a text, and where it comes from."""

    name: str
    meaning: str
    sources: tuple[tuple[str, str], ...] = ()
    """Rulebook and paragraph."""
    also: tuple[str, ...] = ()
    """Other forms that lead here."""

    @property
    def anchor(self) -> str:
        return f"term-{re.sub('[^a-z0-9]+', '-', self.name.lower())}"


TERMS = (
    Term(
        "Acknowledgement",
        "The first letter or email. It tells the complainant that you have their complaint, what you understand it to "
        "be about, and what happens next.",
        (("lgsco", "6.2"), ("lgsco", "6.11"), ("housing", "6.2")),
    ),
    Term(
        "Action plan",
        "What the council will do after an adult social care complaint, or after early resolution, and by when.",
        (("adults-2009", "14"),),
    ),
    Term(
        "Advocate",
        "A person who helps someone to say what they want. A child who complains has a right to one.",
        (("children-2006", "11"),),
        ("advocacy",),
    ),
    Term(
        "Complaint",
        "Someone tells you that they are unhappy with something the council did or did not do. They need not use the "
        "word.",
        (("lgsco", "1.4"), ("lgsco", "1.5"), ("housing", "1.2")),
    ),
    Term("Complainant", "The person who complains, or the person somebody else complains for.", (("lgsco", "3.6"),)),
    Term(
        "Day zero",
        "The day that counting starts from: usually the day something arrived. Day 1 is the next working day.",
    ),
    Term(
        "Early resolution",
        "Putting a matter right at once, with no full stage 1 response. It is not a stage of its own.",
        (("lgsco", "5.2"), ("housing", "5.2")),
        ("informal resolution",),
    ),
    Term(
        "Escalation request",
        "The complainant tells you that they are not content with the stage 1 response and want stage 2. They need not "
        "give reasons.",
        (("lgsco", "6.10"), ("lgsco", "6.12"), ("housing", "6.12")),
    ),
    Term(
        "Exclusion",
        "A kind of matter that a complaints procedure does not deal with, for example one with an appeal of its own. "
        "Look at each case before you use one.",
        (("lgsco", "2.3"), ("lgsco", "2.5"), ("housing", "2.2")),
        ("exclusions",),
    ),
    Term(
        "Extension notice",
        "The letter that says you need more time, why, and until when. It goes out before the first time is up. Many "
        "people call it a holding reply.",
        (("lgsco", "6.4"), ("lgsco", "6.5"), ("lgsco", "6.15"), ("housing", "6.4")),
        ("holding reply",),
    ),
    Term(
        "Final response",
        "The stage 2 response. After it the complainant can go to the Ombudsman.",
        (("lgsco", "6.20"), ("housing", "6.20")),
    ),
    Term(
        "Independent person",
        "Somebody from outside the council who takes part in a stage 2 investigation of a children's complaint.",
        (("children-2006", "17(2)"),),
    ),
    Term(
        "Member Responsible for Complaints",
        "The councillor who looks after complaint handling on behalf of the governing body.",
        (("lgsco", "9.5"), ("housing", "9.5")),
    ),
    Term(
        "Ombudsman",
        "An independent person who looks at complaints about councils and landlords, free of charge. There are two. "
        "The Housing Ombudsman is for a landlord's tenants. The Local Government and Social Care Ombudsman is for "
        "other council services.",
        (("lgsco", "3.7"), ("housing", "3.7")),
    ),
    Term(
        "Reasonable adjustment",
        "A change to how you work so that a disabled person can complain as easily as anybody else.",
        (("lgsco", "5.6"), ("housing", "5.10")),
        ("reasonable adjustments",),
    ),
    Term(
        "Remedy",
        "What puts things right: an apology, an action, a change of decision, or money.",
        (("lgsco", "7.1"), ("lgsco", "7.2"), ("lgsco", "7.3"), ("housing", "7.1")),
        ("remedies",),
    ),
    Term(
        "Representative",
        "Somebody who complains for another person, with their consent.",
        (("lgsco", "1.5"), ("lgsco", "3.6"), ("housing", "3.6")),
    ),
    Term(
        "Review panel",
        "Three people from outside the case who look at a children's complaint after stage 2.",
        (("children-2006", "18"), ("children-2006", "19(1)-(3)")),
    ),
    Term(
        "Self-assessment",
        "The council's own yearly check of its policy and practice against the Ombudsman's Code.",
        (("lgsco", "8.1"), ("housing", "8.1")),
    ),
    Term(
        "Service request",
        "Somebody asks the council to do something, to mend something or to think again about a decision. It is not a "
        "complaint, unless they are unhappy with how you dealt with it.",
        (("lgsco", "1.2"), ("lgsco", "1.7"), ("housing", "1.4")),
        ("service requests",),
    ),
    Term(
        "Stage 1",
        "The first time that a complaint is looked into, by the service or somebody near it.",
        (("lgsco", "6.3"), ("housing", "6.3")),
    ),
    Term(
        "Stage 2",
        "The second and last time: somebody else looks at the complaint afresh.",
        (("lgsco", "6.13"), ("lgsco", "6.14"), ("housing", "6.13")),
    ),
    Term(
        "Statement of complaint",
        "The points of a children's complaint in writing, agreed with the child before stage 2 starts.",
        (("children-2006", "16"), ("children-2006", "17")),
    ),
    Term(
        "Unreasonable behaviour",
        "Behaviour that gets in the way of dealing with a complaint. Limits on contact must be fair and be reviewed.",
        (("lgsco", "5.10"), ("lgsco", "5.11"), ("housing", "5.14")),
    ),
    Term(
        "Upheld",
        "The complaint was right. It can be upheld in full or in part, or not upheld.",
        (("lgsco", "6.8"), ("lgsco", "9.7"), ("housing", "6.9")),
        ("not upheld", "partly upheld"),
    ),
    Term(
        "Working day",
        "Monday to Friday, apart from bank holidays in England and, under the council's own procedure, days when the "
        "council is closed.",
        (("adults-2009", "2"),),
        ("working days",),
    ),
)
#: Words so common on every page that a link at each page's first use would only be in the way.
_PLAIN = ("Complaint", "Complainant", "Stage 1", "Stage 2", "Ombudsman", "Acknowledgement", "Representative")
_BY_FORM = {form.lower(): term for term in TERMS if term.name not in _PLAIN for form in (term.name, *term.also)}
_FORMS = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _BY_FORM), key=len, reverse=True))})\b", re.IGNORECASE)


def add_links(docname: str, page: nodes.Element) -> None:
    """Lead from the first use of each word on a page for staff to its meaning."""
    if not _LINKED.fullmatch(docname):
        return
    left = set(_BY_FORM.values())
    for text in list(_prose(page)):
        parts = list(_parts(text.astext(), left))
        if any(isinstance(part, nodes.Element) for part in parts):
            text.parent.replace(text, parts)


_APART = (nodes.title, addnodes.pending_xref, nodes.reference, nodes.literal, writing.Raw, writing.Download)


def _prose(node: nodes.Element) -> Iterator[nodes.Text]:
    """The text of a page, without headings and links."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child
        elif isinstance(child, writing.Grid):
            for cell in child.cells:
                yield from _prose(cell)
        elif isinstance(child, nodes.Element) and not isinstance(child, _APART):
            yield from _prose(child)


def _parts(text: str, left: set[Term]) -> Iterator[nodes.Node]:
    """A text cut at each word that is still to be linked, which is taken out of ``left``."""
    end = 0
    for found in _FORMS.finditer(text):
        term = _BY_FORM[found[1].lower()]
        if term in left:
            left.remove(term)
            if found.start() > end:
                yield nodes.Text(text[end : found.start()])
            yield writing.link(nodes.inline("", found[1], classes=["pr-term"]), PAGE, term.anchor)
            end = found.end()
    if end < len(text):
        yield nodes.Text(text[end:])
