"""A council's rulebooks checked: mistakes, what may not be meant, and dates that are not as expected."""
