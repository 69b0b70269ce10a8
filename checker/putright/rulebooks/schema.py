"""The JSON Schema of a rulebook file, as it is installed: editors check a file by it while somebody writes.

``rulebooks.reference`` makes it from the models, and ``nox -s docs`` writes it.
"""

from __future__ import annotations

from pathlib import Path

#: Its file. The name and the place stay as they are.
SCHEMA = Path(__file__).with_name("rulebook.schema.json")
