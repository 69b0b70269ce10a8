"""Synthetic cases: complaints made up from a council's own rulebooks."""
