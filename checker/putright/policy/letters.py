"""What a policy's letter holds of what a Code asks for, word by word, each under its conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum

from putright.rulebooks import Ruling
from putright.rulebooks.conditions import ALWAYS, sense
from putright.rulebooks.rules import Contents


class Extent(IntEnum):
    """How far a letter holds a word that is asked for; the best of several is the greatest."""

    LACKING = 0
    NARROWER = 1
    """Only in some of the cases in which it is asked for."""
    ARGUABLE = 2
    """Only under a condition that may always hold: a person must say."""
    READ = 3
    """As it is asked for, but only on one reading of what the policy's source leaves open."""
    HELD = 4


@dataclass(frozen=True)
class Word:
    """One word that a Code asks of a letter, and how far the policy's letter holds it."""

    word: str
    asked: Contents
    extent: Extent
    condition: Contents | None = None
    """The policy's rule with the condition that narrows it."""
    others: tuple[str, ...] = ()
    """Further words that would have done as well."""


def words(asked: list[Contents], letter: Ruling | None, whole: Collection[str] = ()) -> list[Word]:
    """Every word asked for, in order, with the policy's best for it; of words of which one will do, the best held.

    ``whole`` is what is unclear of the whole policy and so of no letter in particular.
    """
    parts = _contents(letter, whole)
    each: list[tuple[tuple[str, ...], Contents]] = [((word,), rule) for rule in asked for word in rule.holds]
    each += [(tuple(rule.holds_one_of), rule) for rule in asked if rule.holds_one_of]
    return [_word(alternatives, rule, parts) for alternatives, rule in each]


def further(asked: Ruling, letter: Ruling, whole: Collection[str] = ()) -> list[str]:
    """Words that the policy's letter always holds and the Code does not ask for at all."""
    known = {word for rule in _contents(asked) for word in rule.words}
    always = (word for rule in _contents(letter, whole) if _always(rule) for word in rule.holds)
    return [word for word in dict.fromkeys(always) if word not in known]


def _contents(letter: Ruling | None, whole: Collection[str] = ()) -> list[Contents]:
    """The clauses' shares of a letter, each with what is unclear of it."""
    found = []
    for part in letter.parts if letter else ():
        if isinstance(part.rule, Contents):
            unclear = [text for text in part.unclear if text not in whole]
            found.append(part.rule.model_copy(update={"unclear": unclear[0]}) if unclear else part.rule)
    return found


def _always(rule: Contents) -> bool:
    return rule.when is None and rule.unless is None and rule.unclear is None and rule.lacking == "breach"


def _word(alternatives: tuple[str, ...], asked: Contents, parts: list[Contents]) -> Word:
    """The best that the policy has for one of these words."""
    held = [(_extent(rule, asked), word, rule) for word in alternatives for rule in _joined(word, parts)]
    held += _one_of(alternatives, asked, parts)
    if not held:
        return Word(alternatives[0], asked, Extent.LACKING, others=alternatives[1:])
    extent, word, rule = max(held, key=lambda found: found[0])
    others = () if extent is Extent.HELD else tuple(other for other in alternatives if other != word)
    return Word(word, asked, extent, None if extent is Extent.HELD else rule, others)


def _one_of(
    alternatives: tuple[str, ...], asked: Contents, parts: list[Contents]
) -> Iterator[tuple[Extent, str, Contents]]:
    """The policy's rules by which one word of several will do: any of them may be the one asked for, or all are."""
    for rule in parts:
        if shared := [word for word in alternatives if word in rule.holds_one_of]:
            extent = _extent(rule, asked)
            every = len(shared) == len(rule.holds_one_of)
            yield extent if every else min(extent, Extent.ARGUABLE), shared[0], rule


def _joined(word: str, parts: list[Contents]) -> Iterator[Contents]:
    """The rules that hold the word, and besides those that ask for it by outcome only, as one."""
    holding = [rule for rule in parts if word in rule.holds]
    yield from holding
    by_outcome = [rule for rule in holding if rule.when and rule.when.model_fields_set == {"outcome"}]
    if len(by_outcome) > 1:
        first = by_outcome[0]
        assert first.when is not None
        together = [outcome for rule in by_outcome if rule.when for outcome in rule.when.outcome]
        unclear = next((rule.unclear for rule in by_outcome if rule.unclear), None)
        when = first.when.model_copy(update={"outcome": together})
        yield first.model_copy(update={"when": when, "unclear": unclear})


def _extent(rule: Contents, asked: Contents) -> Extent:
    """How far a rule that holds a word answers one that asks for it."""
    narrowing = (rule.when or ALWAYS).narrows(asked.when or ALWAYS)
    if not all(sense(name).may_always_hold for name in narrowing):
        return Extent.NARROWER
    arguable = (
        narrowing
        or (rule.unless is not None and rule.unless != asked.unless)
        or (rule.lacking == "judgement" and asked.lacking == "breach")
    )
    if arguable:
        return Extent.ARGUABLE
    return Extent.READ if rule.unclear else Extent.HELD
