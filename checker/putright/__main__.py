"""``python -m putright`` is the command line."""

import sys

from putright.cli import main

sys.exit(main())
