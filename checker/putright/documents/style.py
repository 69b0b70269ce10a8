"""The colours that a report and the desk share, in light and dark."""

from __future__ import annotations

from pathlib import Path

#: A style sheet with the colours by name.
TOKENS = Path(__file__).with_name("templates") / "tokens.css"
