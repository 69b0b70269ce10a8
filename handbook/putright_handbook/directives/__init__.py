"""The handbook's directives, one a module; each module's ``setup`` makes its own known."""

from __future__ import annotations

import importlib
import pkgutil

from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Make every directive known."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}").setup(app)
