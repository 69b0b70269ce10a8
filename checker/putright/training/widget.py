"""Questions answered by clicking, where the notebook has widgets: JupyterLab, VS Code and the handbook's own.

A widget's id differs every time, so it is never stored: a stored question is its words, which every reader can show.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from putright.text.shown import Display
from putright.training.asking import IN_BROWSER

if TYPE_CHECKING:
    from putright.training.owncase import OwnCase
    from putright.training.questions import Question, Reply

#: What a notebook shows as a widget.
VIEW = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Asked(Display):
    """A question in a notebook: as a form where that can be shown, and as words everywhere."""

    form: Callable[[], Any] = field(compare=False)
    """Makes the form, when the question is shown."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = dict(super()._repr_mimebundle_(include, exclude))
        if shows_widgets():
            bundle[VIEW] = {"version_major": 2, "version_minor": 0, "model_id": self.form().model_id}
        return bundle


def shows_widgets() -> bool:
    """Whether this is the kernel of a notebook, with what widgets need."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return bool(shell and (IN_BROWSER or getattr(shell, "kernel", None))) and find_spec("anywidget") is not None


def form(question: Question | OwnCase, reply: Reply | None, check: Callable[[object], Reply]) -> Any:
    """A form for a question, with the reply so far. ``check`` is asked for the reply to each answer."""
    made = _kind()(form={**question.form, "html": question.above().html}, reply=_told(reply))

    def given(change: dict[str, Any]) -> None:
        made.reply = {**_told(check(change["new"]["answer"])), "turn": change["new"]["turn"]}

    made.observe(given, names="given")
    return made


def _told(reply: Reply | None) -> dict[str, Any]:
    return {"html": reply.shown.html, "kind": reply.kind} if reply else {}


@cache
def _kind() -> Any:
    """The class of the forms, made when the first is shown: what it needs is not needed elsewhere."""
    import anywidget
    import traitlets

    class Form(anywidget.AnyWidget):
        """A question with its fields; the browser's part is in question.js."""

        _esm = Path(__file__).with_name("question.js").read_text(encoding="utf-8")
        _css = Path(__file__).with_name("question.css").read_text(encoding="utf-8")
        form = traitlets.Dict().tag(sync=True)
        given = traitlets.Dict().tag(sync=True)
        reply = traitlets.Dict().tag(sync=True)

    return Form
