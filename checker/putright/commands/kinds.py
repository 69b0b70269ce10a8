"""The kinds of output that commands write, and how a former one of each is known."""

from __future__ import annotations

from putright.writing.claims import Kind, begins_with, has_columns, has_keys, is_workbook_as_written

SUMMARY = Kind("summary of an audit", has_keys("as_at", "reconciliation", "data_quality"))
ASSESSMENT = Kind("self-assessment", has_keys("codes", "answers", "contradictions"))
ASSESSMENT_BOOK = Kind("self-assessment that nobody has changed", is_workbook_as_written)
COMPARISON = Kind("comparison", has_keys("procedure", "columns", "steps", "topics"))
COMPARISON_BOOK = Kind("comparison that nobody has changed", is_workbook_as_written)
SHEET = Kind("sheet that nobody has filled in", is_workbook_as_written)
WATCH = Kind("list of open cases", has_keys("as_at", "due", "held", "steps_not_kept"))
CALENDAR = Kind("calendar of due dates", begins_with(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//putright//"))
SCHEMA = Kind(
    "JSON Schema of rulebooks",
    begins_with(b'{\n  "$schema": "https://json-schema.org/draft/2020-12/schema",\n  "$id": "rulebook.schema.json",\n'),
)
#: A person looks over a mapping and changes it, and made-up cases may have been mixed with others.
MAPPING = Kind("proposed mapping")
CASES = Kind("file of made-up cases")


def findings(form: str) -> Kind:
    """Findings in one of the formats of ``outputs.FORMATS``."""
    from putright.api.audits import FINDING, WAIVED

    left_out = {"message", "to_judge"}
    needed = [name for name in FINDING if name not in left_out]
    return Kind("file of findings", has_columns(form, needed, {*left_out, "link", *WAIVED}))


def rejected() -> Kind:
    """Rejected rows, as JSON Lines."""
    from putright.api.records import REJECTED

    return Kind("list of rejected rows", has_columns("jsonl", REJECTED))


def by_ending(output: object, document: Kind, workbook: Kind) -> Kind:
    """Which of the two a command writes, by the ending of its name."""
    return workbook if str(output).lower().endswith(".xlsx") else document
