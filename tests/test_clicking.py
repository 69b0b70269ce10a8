"""Every question of every council answered in Chromium, first wrongly, then rightly: Coventry's with a mouse.

The page has the forms as a notebook has them, and the lesson in Python behind them. That a notebook carries what is
clicked to Python is tested in JupyterLab (test_answering.py) and in the handbook's own (test_handbook_lite.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import browser as browsing
import clicking
import pytest
from notebooksets import AS_AT, SEED
from playwright.sync_api import Browser, Locator, Page
from putright.training import LESSONS, Lesson, open_lesson, widget
from putright.training.lessons import host
from putright.training.owncase import OwnCase

#: What a notebook does for a form: it keeps its values, and carries what is given to Python and the reply back.
PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Questions</title><style>%s</style></head>
<body><main><h1>Questions</h1></main><script type="module">
const { default: front } = await import(URL.createObjectURL(new Blob([%s], { type: "text/javascript" })));
for (const [name, values] of Object.entries(%s)) {
  const told = {};
  const model = {
    get: (key) => values[key],
    set: (key, value) => { values[key] = value; },
    on: (event, call) => { told[event] = call; },
    off: () => {},
    save_changes: async () => { values.reply = await window.give(name, values.given); told["change:reply"](); },
  };
  const place = document.querySelector("main").appendChild(document.createElement("div"));
  place.id = `form-${name}`;
  front.render({ model, el: place });
}
document.body.dataset.ready = "yes";
</script></body></html>"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[tuple[Page, dict[str, Any]]]:
    """A page whose forms are answered by the models of a dictionary, by their names."""
    models: dict[str, Any] = {}
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(20_000)

    def give(name: str, given: dict[str, Any]) -> dict[str, Any]:
        models[name].given = given
        reply: dict[str, Any] = models[name].reply
        return reply

    page.expose_function("give", give)
    yield page, models
    context.close()


def show(page: Page, models: dict[str, Any], made: dict[str, Any]) -> Callable[[str], Locator]:
    """Put forms on the page; gives the place of each by its name."""
    models.clear()
    models.update(made)
    first = next(iter(made.values()))
    values = {name: {"form": each.form, "given": {}, "reply": each.reply} for name, each in made.items()}
    script, data = (json.dumps(each).replace("</", "<\\/") for each in (first._esm, values))
    page.set_content(PAGE % (first._css, script, data))
    page.wait_for_selector("body[data-ready]")
    return lambda name: page.locator(f"#form-{name}")


def forms(lesson: Lesson) -> dict[str, Any]:
    asked = lesson.questions.items()
    return {name: widget.form(question, None, partial(lesson.check, name)) for name, question in asked}


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
@pytest.mark.parametrize("council", host().councils)
def test_every_question_gets_a_wrong_and_a_right_answer(council: str, page: tuple[Page, dict[str, Any]]) -> None:
    for name in LESSONS:
        lesson = open_lesson(name, council, AS_AT, SEED)
        assert lesson.questions.keys() | lesson.left_out.keys() == lesson.makers().keys()
        if not lesson.questions:
            continue
        place = show(*page, forms(lesson))
        if council == "coventry":
            for each, question in lesson.questions.items():
                clicking.answer(page[0], place(each), question, still=True)
        else:
            clicking.press(page[0], lesson.questions)
        told = f"{len(lesson.questions)} of {len(lesson.questions)} questions answered, 0 of them right at the first"
        assert told in lesson.score().text
        if council == "coventry":
            assert browsing.violations(page[0]) == []


@pytest.mark.browser
@pytest.mark.parametrize("council", host().councils)
def test_a_case_of_one_s_own_is_checked_by_enter(council: str, page: tuple[Page, dict[str, Any]]) -> None:
    lesson = open_lesson("spot-the-breach", council, AS_AT, SEED)
    asked = OwnCase(lesson)
    form = show(*page, {"own": widget.form(asked, None, asked.reply)})("own")
    form.get_by_label("Receipt").fill("31 6 2026")
    form.get_by_label("Receipt").press("Enter")
    form.get_by_role("status").get_by_text("That could not be checked").wait_for()
    form.get_by_label("Receipt").fill("6 July 2026")
    form.get_by_label("The stage 1 acknowledgement").fill("31/12/26")
    form.get_by_label("The day to check it on").fill("2027-01-04")
    form.get_by_label("The day to check it on").press("Enter")
    form.get_by_role("status").get_by_text("What the checker says").wait_for()
    assert "Breach" in form.get_by_role("status").inner_text()
