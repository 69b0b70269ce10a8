"""Made-up cases, and a mapping proposed for an export."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from putright import calendars
from putright.files.detection import detect_options
from putright.files.readers import read_table
from putright.mapping import proposing
from putright.mapping.proposing import Proposal
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.synthetic.sample import sample as synthetic
from putright.synthetic.sample import write_sample

__all__ = ["Proposal", "propose_mapping", "sample", "write_sample"]


def sample(
    host: Host, council: str, cases: int = 600, seed: int = 1, *, year_ending: dt.date | None = None
) -> list[dict[str, object]]:
    """Makes up cases of a council with realistic faults, received in the year that ends on ``year_ending``.

    ``cases`` is how many. Each is a row: field to value, dates as dates. The same seed gives the same cases.
    ``year_ending`` is today where it is not given. ``write_sample`` writes them to a file.
    """
    if cases < 1:
        raise Mistake("the number of cases must be 1 or more.", field="cases", value=cases)
    return synthetic(host, host.named(council), cases, seed, year_ending=year_ending or calendars.today())


def propose_mapping(path: str | os.PathLike[str]) -> Proposal:
    """Proposes a mapping: how an export in another layout may become case records. A person has to finish it.

    Raises a Mistake where the file cannot be read.
    """
    detected = detect_options(Path(path))
    return proposing.proposal(read_table(Path(path), detected.options), detected)
