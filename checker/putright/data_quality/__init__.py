"""Count how complete the records are, before any verdict."""
