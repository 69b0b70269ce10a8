"""What a trainee reads in a lesson: questions, choices, hints and answers, without clauses, which are tested apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from putright.training import ChoiceQuestion, Lesson, Question, SeveralQuestion

#: Kinds of phrase that were found in the notebooks, and what to say instead.
KINDS = {
    r"\bas [`\"\u201c]": "for example",
    r"\b(folded|as such|softly)\b": "hidden, so, a 'should'",
    r"\bat a terminal\b": "the command",
    r"\b(you come to|comes? out|go(es)? forward further)\b": "you would get",
    r"\b(has|have|had) to (hold|hear)\b": "must include, must be told",
    r"\b(letter|notice|acknowledgement|response) (holds|held|did not hold)\b": "includes, included",
    r"\bhears? (of|when|why|until)\b": "is told",
    r"\btakes? (all its|no such)\b": "takes the full time, has no setting",
    r"\b(the last day there is|of what, and what|what may be said)\b": "the very last day, out of how many",
    r"\b(says?|said|telling) (nothing )?of\b": "about",
    r"\b(put right|worked back|kept apart|get(s)? the better)\b": "corrected, worked out, told apart",
    r"(?<=[a-z]), as (?:nobody|nothing|it|we|the|somebody)\b": "because",
    r"\b(stage [123]|council's|formal) answers?\b": "response",
    r"\bclock\b": "the time",
}
#: A field, a code word or the name of a rulebook, which are for programs.
INTERNAL = re.compile(
    r"\b(?:[a-z]+\d?(?:_[a-z0-9]+)+|[a-z-]+\.(?:corporate|children|adults|housing)|lgsco|[a-z]+-20\d\d)(?![\w-])"
)


#: These explain with a sentence of the self-assessment, which has tests of its own.
_ASSESSED = {"find-it", "longer"}


def told(question: Question) -> Iterator[str]:
    """Everything a question says in the lesson's own words, without the names of rules."""
    yield from (re.sub(r"this rule: .*", "", question.text), question.how)
    yield from () if question.id in _ASSESSED else (question.because,)
    _, wrong = question.answers()
    yield from filter(None, map(question.hint, wrong))
    yield from (shown.text for shown in question.others())
    if isinstance(question, ChoiceQuestion):
        yield from (choice.text for choice in question.choices)
    if isinstance(question, SeveralQuestion):
        yield from (text for text, _, _ in question.choices)


def shown(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Each question's name, with everything that is shown for it."""
    for name, question in lesson.questions.items():
        _, wrong = question.answers()
        yield name, question.ask().text
        yield name, question.display().text
        yield from ((name, question.reply(answer).shown.text) for answer in wrong)
