"""Every date that follows from every event of a procedure, for each day of a span."""

from __future__ import annotations

from putright.casework.duetables import (
    LANDLORD,
    ORDINARY,
    STRAIGHT,
    Column,
    Ending,
    Following,
    Paired,
    Tables,
    tables,
)

__all__ = ["LANDLORD", "ORDINARY", "STRAIGHT", "Column", "Ending", "Following", "Paired", "Tables", "tables"]
