"""putright: a council's complaints procedure as data, and the checker that audits cases against it.

    import datetime as dt
    import putright

    host = putright.load(councils=["coventry"])
    records = putright.read_records("cases.csv", host, council="coventry")
    audit = putright.audit(records, host, as_at=dt.date(2026, 9, 30))
    audit.findings

Everything here is loaded when it is first asked for; ``docs/api.md`` says what each name is and does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from putright.api.audits import Audit, audit
    from putright.api.casework import Changes, Explanation, Watch, changes, draw_sample, read_sheet
    from putright.api.checks import Checked, check
    from putright.api.dates import DueDate, DueDates, due
    from putright.api.decisions import decisions
    from putright.api.hosts import Host, load
    from putright.api.papers import Annual, Pack, make_annual_report, make_pack
    from putright.api.policies import Catalogue, Comparison, SelfAssessment, assess, compare, rules, verify
    from putright.api.records import CaseFile, Records, open_cases, read_records
    from putright.api.samples import propose_mapping, sample, write_sample
    from putright.mistakes import Mistake

__version__ = "0.2.0"

#: The names, by the module that has them.
_PLACES = {
    "api.audits": ("Audit", "audit"),
    "api.casework": ("Changes", "Explanation", "Watch", "changes", "draw_sample", "read_sheet"),
    "api.checks": ("Checked", "check"),
    "api.dates": ("DueDate", "DueDates", "due"),
    "api.decisions": ("decisions",),
    "api.hosts": ("Host", "load"),
    "api.papers": ("Annual", "Pack", "make_annual_report", "make_pack"),
    "api.policies": ("Catalogue", "Comparison", "SelfAssessment", "assess", "compare", "rules", "verify"),
    "api.records": ("CaseFile", "Records", "open_cases", "read_records"),
    "api.samples": ("propose_mapping", "sample", "write_sample"),
    "mistakes": ("Mistake",),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "Annual",
    "Audit",
    "CaseFile",
    "Catalogue",
    "Changes",
    "Checked",
    "Comparison",
    "DueDate",
    "DueDates",
    "Explanation",
    "Host",
    "Mistake",
    "Pack",
    "Records",
    "SelfAssessment",
    "Watch",
    "assess",
    "audit",
    "changes",
    "check",
    "compare",
    "decisions",
    "draw_sample",
    "due",
    "load",
    "make_annual_report",
    "make_pack",
    "open_cases",
    "propose_mapping",
    "read_records",
    "read_sheet",
    "rules",
    "sample",
    "verify",
    "write_sample",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'putright' has no attribute {name!r}")
    found = getattr(import_module(f"putright.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
