"""Read a YAML file that somebody wrote by hand as a model, with every mistake said by its place."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from putright.files.yamlfiles import YamlError, read_document
from putright.mistakes import Mistake
from putright.rulebooks.explaining import explain_mistakes

M = TypeVar("M", bound=BaseModel)


def read_model(path: Path, model: type[M], expected: str, mistake: type[Mistake]) -> M:
    """A file as a model; ``expected`` says what such a file has. Raises ``mistake``, which lists all that is wrong.

    A key without a value counts as left out.
    """
    try:
        document = read_document(path, expected)
    except YamlError as error:
        raise mistake.of(error.problems) from None
    try:
        return model.model_validate({key: value for key, value in document.data.items() if value is not None})
    except ValidationError as error:
        raise mistake.of(explain_mistakes(error, document, model)) from None
