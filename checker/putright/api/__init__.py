"""The door for Python: what a program, a command, a notebook and the handbook may rely on.

Each module offers the functions of one subject and the classes that they return. The names that most programs need
can be had from ``putright`` itself. ``docs/api.md`` has all of them.
"""
