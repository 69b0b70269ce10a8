"""Guess whether a text is a person's name in place of a role or a code. The names are never kept or shown."""

from __future__ import annotations

import polars as pl

_WORD = r"\p{Lu}[\p{L}'\u2019-]*\.?"
_LONG_WORD = r"\p{L}{2}"
_PARTICLE = r"(?:(?:de|del|den|der|di|du|la|le|van|von|bin|al|ap)\s+)*"
_TITLE = r"(?i:mr|mrs|ms|miss|mx|dr|prof|sir|dame|lady|cllr|councillor|rev)\.?\s+"
#: Two or three words with capitals, a title before a word, 'Surname, First', or first.last@….
_LIKE_A_NAME = (
    rf"^(?:{_WORD}(?:\s+{_PARTICLE}{_WORD}){{1,2}}"
    rf"|{_TITLE}{_PARTICLE}{_WORD}(?:\s+{_PARTICLE}{_WORD}){{0,2}}"
    rf"|{_PARTICLE}{_WORD},\s*{_WORD}(?:\s+{_WORD})?"
    r"|[\p{L}'-]+\.[\p{L}'-]+@.*)$"
)
#: A text with any of these words is a role, a team or not an entry; words that are also surnames are left out.
_ROLE_WORDS = (
    "admin administrator advisor adviser advocate agent analyst appeals area assessor assistant associate authority "
    "auditor benefit board business care case caseworker centre chair chief child children clerk commissioner "
    "community complaint compliance contact contractor coordinator corporate council customer democratic department "
    "deputy development director directorate division duty education environment environmental executive external "
    "family feedback finance governance group handler head highways hr housing human independent information "
    "inspector investigating investigator lawyer lead leader learning legal line local manager management member "
    "monitoring neighbourhood nurse officer ombudsman operation panel parking people person planning practitioner "
    "principal property public quality recycling region regional registrar relation repair representative resident "
    "resolution resource response revenue review reviewer reviewing role school secretary section senior service "
    "social solicitor specialist staff stage strategic supervisor support surveyor tax team technician tenancy "
    "tenant transport trust unit warden waste worker anonymous applicable confirmed known na none not recorded tba "
    "tbc unallocated unassigned unknown vacant various "
)
_ROLE = rf"(?i)\b(?:{_ROLE_WORDS.strip().replace(' ', '|')})s?\b"


def looks_like_a_person(values: pl.Series) -> pl.Series:
    """Whether each text looks like a person's name: capitals, no digit, no word of a role or a team."""
    frame = values.to_frame("text")
    text = pl.col("text").cast(pl.String).str.strip_chars()
    before_at = text.str.replace("@.*", "")
    named = text.str.contains(_LIKE_A_NAME) & text.str.contains(_LONG_WORD) & ~before_at.str.contains(_ROLE)
    return frame.select(named.fill_null(False).alias("name"))["name"]
