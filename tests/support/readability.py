"""How easily a text reads: Flesch's reading ease, from the lengths of sentences and of words."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SENTENCE = re.compile(r"(?<=[.;:!?])\s+")
_WORD = re.compile(r"[A-Za-z][A-Za-z']*")


def words(text: str) -> list[str]:
    """The words of a text, without figures."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """About as many as a word has: groups of vowels, without an e that is not said."""
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]e$|[^aeiouysxzghc]es$|[^aeiouytd]ed$", word):
        count -= 1
    return max(1, count)


def sentences(texts: Sequence[str]) -> list[str]:
    """The sentences of paragraphs: a paragraph ends one, whatever it ends with."""
    return [part for text in texts for part in _SENTENCE.split(text) if words(part)]


def ease(texts: Sequence[str]) -> float:
    """Flesch's reading ease of paragraphs: 60 is plain English, 30 is for specialists, above 90 is very easy."""
    found = [word for text in texts for word in words(text)]
    return 206.835 - 1.015 * len(found) / len(sentences(texts)) - 84.6 * sum(map(syllables, found)) / len(found)
