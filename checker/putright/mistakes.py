"""What a user can put right, as against what we have to."""


class Mistake(Exception):
    """Something is wrong with what was given; the text says what, where and what to do, a sentence a line."""


class PluginError(Mistake):
    """A plugin cannot be used; the text names it and says what was expected."""
