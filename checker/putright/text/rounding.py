"""Round half up everywhere, as Excel does, so that every output gives the same number.

Python rounds half to even (``round(0.5)`` is 0, and 12.5 is formatted as 12), so every number for a reader must be
rounded and formatted here. Counts are divided as integers, which avoids binary fractions.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def ratio(part: int, whole: int, places: int = 0) -> Decimal:
    """``part / whole`` to this number of decimal places, half up; ``whole`` is above 0."""
    nearest = (2 * abs(part) * 10**places + whole) // (2 * whole)
    return Decimal(nearest if part >= 0 else -nearest).scaleb(-places)


def percent(part: int, whole: int, places: int = 0) -> Decimal:
    """``part`` as a percentage of ``whole``, half up; never 100 for less than all, nor 0 for more than none."""
    least = Decimal(1).scaleb(-places)
    found = ratio(100 * part, whole, places)
    if part < whole:
        found = min(found, 100 - least)
    return max(found, least) if part > 0 else found


def number(value: float, places: int = 0) -> Decimal:
    """A number that is not a ratio of counts, half up, by its decimal digits as Python writes them."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
