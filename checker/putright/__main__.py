"""``python -m putright`` is the command line."""

import sys

from putright.cli import program

sys.exit(program())
