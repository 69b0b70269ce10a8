"""Case records: read from any table, with every value checked and nothing guessed."""
