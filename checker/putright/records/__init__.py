"""Case records: read from any table, every value checked, nothing of them guessed."""
