"""A paper as data, and the documents made of it."""
