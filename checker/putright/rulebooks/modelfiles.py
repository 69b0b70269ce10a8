"""Read a YAML file that somebody wrote by hand as a model, with every mistake said by its place."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from putright.files.yamlfiles import Document, YamlError, read_document
from putright.mistakes import Mistake
from putright.rulebooks.explaining import explain_mistakes

M = TypeVar("M", bound=BaseModel)


def read_model(path: Path, model: type[M], expected: str, mistake: type[Mistake]) -> M:
    """A file as a model; ``expected`` says what such a file has. Raises ``mistake``, which lists all that is wrong.

    A key without a value counts as left out.
    """
    return read_with_places(path, model, expected, mistake, blank_is_left_out=True)[0]


def read_with_places(
    path: Path, model: type[M], expected: str, mistake: type[Mistake], *, blank_is_left_out: bool = False
) -> tuple[M, Document]:
    """As ``read_model``, with the document, which has the place of every key. A key may have no value."""
    try:
        document = read_document(path, expected)
    except YamlError as error:
        raise mistake.of(error.problems) from None
    data = document.data
    if blank_is_left_out:
        data = {key: value for key, value in data.items() if value is not None}
    try:
        return model.model_validate(data), document
    except ValidationError as error:
        raise mistake.of(explain_mistakes(error, document, model)) from None
