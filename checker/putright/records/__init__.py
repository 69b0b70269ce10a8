"""Case records: read from any table, every value checked, nothing of them guessed."""

from putright.records.caserecords import (
    REJECTED,
    Records,
    check_columns,
    kept_fields,
    make_records,
    read_records,
)

__all__ = [
    "REJECTED",
    "Records",
    "check_columns",
    "kept_fields",
    "make_records",
    "read_records",
]
