"""What the desk and its processes say of a fault in putright."""

from __future__ import annotations

import os
import traceback

from putright.mistakes import TRACEBACK


def fault(error: Exception) -> str:
    """A sentence that holds nothing of the records; Python's traceback is printed where it is asked for."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    return f"This is a fault in putright and not a mistake of yours ({type(error).__name__}). Please report it."
