"""Libraries that only some commands need, and the sentence that says which extra to install.

``pyproject.toml`` has the extras. An audit alone needs none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from putright.mistakes import Mistake

#: The extra that each extra includes.
INCLUDES = {"training": "paper", "desk": "paper", "handbook": "training", "browser": "handbook", "spark": "arrow"}
#: What each extra adds to the one it includes: the module to import, and the name to install it by.
LIBRARIES = {
    "paper": {
        "docx": "python-docx",
        "typst": "typst",
        "font_source_sans_pro": "font-source-sans-pro",
        "highspy": "highspy",
        "jinja2": "jinja2",
        "markupsafe": "markupsafe",
        "scipy": "scipy",
    },
    "training": {
        "nbformat": "nbformat",
        "nbclient": "nbclient",
        "jupyter_client": "jupyter-client",
        "ipykernel": "ipykernel",
        "anywidget": "anywidget",
        "traitlets": "traitlets",
    },
    "handbook": {
        "sphinx": "sphinx",
        "docutils": "docutils",
        "myst_parser": "myst-parser",
        "myst_nb": "myst-nb",
        "pydata_sphinx_theme": "pydata-sphinx-theme",
        "Stemmer": "pystemmer",
        "jupyter_core": "jupyter-core",
        "packaging": "packaging",
    },
    "browser": {"jupyterlite_core": "jupyterlite-core", "jupyterlite_pyodide_kernel": "jupyterlite-pyodide-kernel"},
    "desk": {
        "starlette": "starlette",
        "uvicorn": "uvicorn",
        "multipart": "python-multipart",
        "platformdirs": "platformdirs",
    },
    "arrow": {"pyarrow": "pyarrow"},
    "spark": {"pyspark": "pyspark", "pandas": "pandas"},
}


class MissingExtra(Mistake):
    """A command needs a library that is not installed; the text names the extra to install."""


def need(what: str, extra: str) -> None:
    """Raise MissingExtra unless every library of an extra is installed; ``what`` is what needs it."""
    for module, name in _libraries(extra):
        if find_spec(module) is None:
            raise MissingExtra(_sentence(what, name, extra))


def missing(error: ModuleNotFoundError) -> str | None:
    """The sentence for a failed import; None if the module does not belong to an extra."""
    module = (error.name or "").partition(".")[0]
    for extra, libraries in LIBRARIES.items():
        if module in libraries:
            return _sentence("this command", libraries[module], extra)
    return None


def _libraries(extra: str) -> Iterator[tuple[str, str]]:
    """Its own libraries first, then those of the extras that it includes."""
    yield from LIBRARIES[extra].items()
    if extra in INCLUDES:
        yield from _libraries(INCLUDES[extra])


def _sentence(what: str, name: str, extra: str) -> str:
    return f"{what} needs {name}: install putright[{extra}]."
