"""What a letter has to hold, gathered over the rulebooks of a procedure, and a starter letter made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from putright import fields
from putright.rulebooks import Rulebook, Ruling, phrases
from putright.rulebooks.rules import Contents, Extension, Timed
from putright.text.english import capital, listed

from putright_handbook import wording
from putright_handbook.procedures import Procedure

Cited = tuple[Rulebook, str]
"""A clause with its rulebook."""


@dataclass
class Item:
    """One thing that a letter has to say, with every clause that asks for it."""

    meaning: str
    words: tuple[str, ...]
    asked: dict[str, list[Cited]] = field(default_factory=dict)
    """By condition in words, the clauses that ask for it then; the empty condition is always."""

    @property
    def always(self) -> list[Cited]:
        """The clauses that ask for it in every case."""
        return self.asked.get("", [])

    @property
    def conditions(self) -> dict[str, list[Cited]]:
        """The conditions on which it is asked for, with their clauses; none if some clause always asks for it."""
        return {} if self.always else self.asked

    @property
    def clauses(self) -> list[Cited]:
        """Every clause that asks for it, whatever its condition, each once."""
        found = {(book.rulebook, clause): (book, clause) for cited in self.asked.values() for book, clause in cited}
        return list(found.values())


def rulings(procedure: Procedure, letter: str) -> list[tuple[Rulebook, Ruling]]:
    """The rules about a letter, the council's own first."""
    return [(book, book.rulings()[letter]) for book in procedure.books if letter in book.rulings()]


def letters(procedure: Procedure) -> list[str]:
    """The letters that some rulebook of a procedure asks something of, in the order of a case."""
    return [letter for letter in fields.LETTERS if rulings(procedure, letter)]


def items(procedure: Procedure, letter: str, words: Mapping[str, str]) -> list[Item]:
    """What a letter has to say, each thing once: first what is asked for in every case."""
    found: dict[frozenset[str], Item] = {}
    for book, ruling in rulings(procedure, letter):
        for part in ruling.parts:
            rule = part.rule
            assert isinstance(rule, Contents)
            for meaning, held in zip(wording.contents(rule, words), _held(rule), strict=True):
                item = found.setdefault(frozenset(held), Item(meaning, held))
                cited = item.asked.setdefault(wording.conditions(rule).rstrip("."), [])
                if (book, part.clause) not in cited:
                    cited.append((book, part.clause))
    for item in found.values():
        _join_opposites(item)
    return sorted(found.values(), key=lambda item: not item.always)


def _held(rule: Contents) -> Iterator[tuple[str, ...]]:
    """The words of each line of ``wording.contents``."""
    yield from ((word,) for word in rule.holds)
    if rule.holds_one_of:
        yield tuple(rule.holds_one_of)


def _join_opposites(item: Item) -> None:
    """What is asked for both if something is so and if it is not, is always asked for."""
    for said in list(item.asked):
        opposite = re.sub("^Only if", "Not if", said)
        if said.startswith("Only if") and opposite in item.asked and "; " not in said:
            for cited in (item.asked.pop(said), item.asked.pop(opposite)):
                item.asked.setdefault("", []).extend(each for each in cited if each not in item.asked.get("", []))


# --- a starter letter -------------------------------------------------------------------------------

#: The sentence that a letter can begin from for each thing it has to say; brackets are for the writer to fill.
_SENTENCES = {
    "handler": "[Name and job title] is dealing with your complaint.",
    "handler_contact": "You can contact them by [telephone number or email address].",
    "understanding": "We understand your complaint to be: [the complaint in your own words].",
    "outcomes_sought": "You would like us to: [the outcome the person wants].",
    "reply_date": "We will send you our response by {respond}.",
    "adjustments": "We will make these adjustments for you: [adjustments].",
    "not_responsible": "We are not responsible for: [parts of the complaint that are not ours].",
    "reason": "We need more time because [reason].",
    "new_date": "We will now send you our response by {extend}.",
    "apology": "We are sorry that [what went wrong].",
    "progress": "So far we have [progress].",
    "update_intervals": "We will tell you how we are getting on every [number of days].",
    "ombudsman": "{ombudsman}",
    "complaint_stage": "Your complaint is at stage {stage} of our procedure.",
    "complaint_definition": "You complained that: [definition of the complaint].",
    "issues_investigated": "We looked into: [issues].",
    "decision": "Our decision: your complaint is [upheld, partly upheld or not upheld].",
    "reasons": "We decided this because [reasons].",
    "remedy": "To put this right we will: [remedy].",
    "outstanding_actions": "We still have to: [actions].",
    "action_dates": "We will do this by [date].",
    "escalation": "{escalate}",
    "explanation": "We cannot take this further because [explanation].",
    "exclusion": "Our procedure does not cover this: [the exclusion that applies].",
    "alternatives": "You can go to [organisation or process] instead.",
}


def starter(procedure: Procedure, letter: str, words: Mapping[str, str]) -> str:
    """A letter to begin from: a line for each thing that it has to say, with what the rulebooks know filled in."""
    about = fields.LETTERS[letter]
    known = _known(procedure, about.stage)
    body = []
    for item in items(procedure, letter, words):
        if item.words == ("reference",) and item.always:
            continue  # at the head
        sentence = " [or] ".join(_sentence(word, words).format(**known) for word in item.words)
        said = (each.replace(" (for a person to judge)", "") for each in item.conditions)
        condition = " [or] ".join(f"{each[0].lower()}{each[1:]}" for each in said)
        body.append(f"[{capital(condition)}:] {sentence}" if condition else sentence)
    signed = procedure.own.authority if procedure.own else "[council]"
    head = ["[Date]", "Our reference: [case number]", "Dear [name]", f"Your complaint: {about.name}"]
    return "\n\n".join([*head, *body, "Yours sincerely", f"[Name and job title]\n{signed}"])


def dates(procedure: Procedure, letter: str) -> dict[str, str]:
    """The places of a starter letter where a date of the case goes, each with the rule that gives it."""
    stage = fields.LETTERS[letter].stage or 1
    known = _known(procedure, stage)
    return {known["respond"]: f"respond-stage{stage}", known["extend"]: f"extend-stage{stage}"}


def _sentence(word: str, words: Mapping[str, str]) -> str:
    """A word of a council's own has its meaning for a sentence."""
    return _SENTENCES.get(word) or f"[{capital(words[word])}.]".replace("{", "{{").replace("}", "}}")


def _known(procedure: Procedure, stage: int | None) -> dict[str, str]:
    """What the rulebooks say of dates, of the next stage and of the Ombudsman."""
    n = stage or 1
    return {
        "stage": str(n),
        "respond": f"[date: {_time(procedure, f'respond-stage{n}') or 'as the procedure says'}]",
        "extend": f"[new date: {_time(procedure, f'extend-stage{n}') or 'as agreed'}]",
        "escalate": _escalation(procedure, n + 1),
        "ombudsman": _to_the_ombudsman(procedure),
    }


def _time(procedure: Procedure, rule: str) -> str:
    """The time of a rule in words, by the council's own rulebook if it has it."""
    for book in procedure.books:
        ruling = book.rulings().get(rule)
        if ruling and isinstance(ruling.rule, Timed | Extension):
            return phrases.asked(ruling.rule)
    return ""


def _escalation(procedure: Procedure, stage: int) -> str:
    if stage not in procedure.stages:
        return "If you are not satisfied, you can [how to go further]."
    time = _time(procedure, f"request-stage{stage}") if stage > 1 else ""
    limit = f" [time limit: {time}]" if time else ""
    return f"If you are not satisfied, you can ask for stage {stage} by [how to ask]{limit}."


def _to_the_ombudsman(procedure: Procedure) -> str:
    found = ombudsmen(procedure)
    if not found:
        return "You can complain to the Ombudsman: [name, website, telephone and post of the Ombudsman]."
    said = [name + (f" ({', '.join(addresses)})" if addresses else "") for name, addresses in found.items()]
    return f"You can go to the {listed(said, '[or]')}: [how and when]."


_ADDRESS = re.compile(r"\bwww\.[a-z0-9.-]+\.[a-z]+")


def ombudsmen(procedure: Procedure) -> dict[str, list[str]]:
    """The Ombudsmen of a procedure, each with the web addresses that its rulebooks give."""
    names = [book.authority for book in procedure.national if book.standing != "law"]
    clauses = [clause for book in procedure.books for clause in book.clauses if clause.topic == "ombudsman"]
    found: dict[str, list[str]] = {name: [] for name in names}
    for clause in clauses:
        said = f"{clause.id} {clause.heading} {clause.text}"
        whose = [name for name in names if name in said] or (names if len(names) == 1 else [])
        for name in whose[:1]:
            found[name] += [address for address in _ADDRESS.findall(said) if address not in found[name]]
    return found
