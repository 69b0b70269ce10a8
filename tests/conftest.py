"""Tests import their own helpers (oracle, casemaking) by name, and draw the same examples in every run."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# What a change is judged by must not change with the day: `nox -s explore` is for what nobody has thought of.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False, print_blob=True)
settings.load_profile("same")
