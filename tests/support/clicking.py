"""A question of a training notebook, answered in a page of JupyterLab or of the handbook, by mouse or by keyboard."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Mapping

import browser as browsing
from playwright.sync_api import Locator, Page, TimeoutError, expect
from putright.training import ChoiceQuestion, DateQuestion, NumberQuestion, Question, SeveralQuestion

SLOW = 180_000


def cell_of(page: Page, name: str) -> Locator:
    """The cell that asks a question."""
    return page.locator(".jp-CodeCell", has_text=f'lesson.ask("{name}"')


def form_of(page: Page, name: str) -> Locator:
    """The form of the question that a cell asks."""
    return cell_of(page, name).locator(".putright-widget")


def run_all(page: Page) -> None:
    """Choose Run, Run All Cells: once more where nothing came of it, as on a page that is not ready yet."""
    begun = page.locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[(\*|\d+)\]"))
    for _ in range(3):
        page.locator(".lm-MenuBar-item", has_text="Run").click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(TimeoutError):
            begun.first.wait_for(timeout=20_000)
            return
    raise AssertionError("no cell began to run")


def check(page: Page, questions: Mapping[str, Question]) -> None:
    """Give each question a wrong answer and the right one, by mouse and then by keyboard alone."""
    for name, question in questions.items():
        form = form_of(page, name)
        expect(form.get_by_role("button", name="Check")).to_be_visible(timeout=SLOW)
        right, (wrong, *_) = question.answers()
        for give, given, told in ((_click, wrong, "Not yet"), (_click, right, "Right"), (_type, wrong, "Not yet")):
            give(page, form, question, given)
            expect(form.get_by_role("status")).to_contain_text(told, timeout=SLOW)
        _type(page, form, question, right)
        expect(form.get_by_role("status")).to_contain_text(question.right, timeout=SLOW)
        assert form.evaluate("form => form.contains(document.activeElement)"), "the focus stays in the question"
        assert browsing.violations(page, ".putright-widget") == []


def answer(page: Page, form: Locator, question: Question, *, still: bool = False) -> None:
    """Give a question a wrong answer and the right one; a date or a number is sent with Enter.

    On a page that stands still no click has to wait for it to.
    """
    right, (wrong, *_) = question.answers()
    status = form.get_by_role("status")
    _click(page, form, question, wrong, still=still)
    expect(status).to_have_attribute("data-kind", "hint", timeout=SLOW)
    expect(status).to_contain_text("Not yet")
    if isinstance(question, DateQuestion | NumberQuestion):
        _fill(form, question, right)
        form.locator("fieldset input").last.press("Enter")
    else:
        _click(page, form, question, right, still=still)
    expect(status).to_have_attribute("data-kind", "right", timeout=SLOW)
    expect(status).to_contain_text(question.right)


#: Fills in forms and presses their buttons within the page, and gives what each then says.
_PRESS = """async (all) => {
  const said = [];
  for (const [id, chosen, texts] of all) {
    const form = document.querySelector(`#${id} form`);
    const status = document.querySelector(`#${id} [role=status]`);
    form.querySelectorAll("[type=radio], [type=checkbox]").forEach((input, place) => {
      if (input.checked !== chosen.includes("ABCDEFG"[place])) input.click();
    });
    form.querySelectorAll("[type=text]").forEach((input, place) => { input.value = texts[place]; });
    const replied = new Promise((done) => new MutationObserver(done).observe(status, { childList: true }));
    form.querySelector("button").click();
    await replied;
    said.push([status.dataset.kind, status.innerText]);
  }
  return said;
}"""


def press(page: Page, questions: Mapping[str, Question]) -> None:
    """Give each question a wrong answer and the right one from within the page, for forms with the questions' names.

    Ten times as fast as a mouse, which only sends the same events.
    """
    right = {name: question.answers()[0] for name, question in questions.items()}
    wrong = {name: question.answers()[1][0] for name, question in questions.items()}
    for kind, told, answers in (("hint", "Not yet", wrong), ("right", "Right", right)):
        given = [[f"form-{name}", *_marks(questions[name], answer)] for name, answer in answers.items()]
        for question, (found, text) in zip(questions.values(), page.evaluate(_PRESS, given), strict=True):
            assert found == kind, (question.id, text)
            assert told in text
            assert kind == "hint" or question.right in text


def _marks(question: Question, answer: object) -> tuple[list[str], list[str]]:
    """The letters to choose and the texts to fill in."""
    if isinstance(question, ChoiceQuestion | SeveralQuestion):
        return str(answer).split(), []
    return [], list(_fields(question, answer).values())


def _fields(question: Question, answer: object) -> dict[str, str]:
    if isinstance(question, DateQuestion):
        date = dt.date.fromisoformat(str(answer))
        return {"Day": str(date.day), "Month": str(date.month), "Year": str(date.year)}
    assert isinstance(question, NumberQuestion)
    return {"Whole number": str(answer)}


def _click(page: Page, form: Locator, question: Question, answer: object, *, still: bool = False) -> None:
    if isinstance(question, ChoiceQuestion):
        form.get_by_role("radio").nth("ABCDEFG".index(str(answer))).check(force=still)
    elif isinstance(question, SeveralQuestion):
        for place, box in enumerate(form.get_by_role("checkbox").all()):
            box.set_checked("ABCDEFG"[place] in str(answer).split(), force=still)
    else:
        _fill(form, question, answer)
    form.get_by_role("button", name="Check").click(force=still)


def _fill(form: Locator, question: Question, answer: object) -> None:
    for label, text in _fields(question, answer).items():
        form.get_by_label(label, exact=True).fill(text)


def _type(page: Page, form: Locator, question: Question, answer: object) -> None:
    """As ``_click``, with nothing but keys once the first field has the focus."""
    inputs = form.locator("fieldset input")
    cells = page.locator(".jp-CodeCell").count()
    if isinstance(question, ChoiceQuestion):
        chosen = form.locator("input:checked")
        chosen.focus()
        options = form.get_by_role("radio")
        for _ in range(10):
            if options.nth("ABCDEFG".index(str(answer))).is_checked():
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    elif isinstance(question, SeveralQuestion):
        inputs.first.focus()
        for letter in "ABCDEFG"[: inputs.count()]:
            box = inputs.nth("ABCDEFG".index(letter))
            expect(box).to_be_focused()
            if box.is_checked() != (letter in str(answer).split()):
                page.keyboard.press("Space")
            page.keyboard.press("Tab")
    else:
        inputs.first.focus()
        for text in _fields(question, answer).values():
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type(text)
            page.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Check")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.locator(".jp-CodeCell").count() == cells, "keys are for the question, not for the notebook"
