"""The desk: an audit in the officer's own browser, on the officer's own machine.

``server`` opens it, ``guard`` lets nobody else in, ``runs`` keeps each audit apart from the others, ``workers`` has the
work done in processes of their own, and ``pages`` shows what they found. Everything that is judged comes through
``putright.api``.
"""
