"""Errors that a user can correct, as opposed to faults in putright."""


class Mistake(Exception):
    """Something is wrong with the input; the text says what, where and what to do, one sentence on each line."""


class PluginError(Mistake):
    """A plugin cannot be used; the text names it and says what was expected."""
