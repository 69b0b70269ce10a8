"""putright: a council's complaints procedure as data, and the checker that audits cases against it."""

__version__ = "0.2.0"
