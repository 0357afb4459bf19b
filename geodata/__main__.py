"""The command line: ``python -m geodata COMMAND``."""

import sys

from geodata.cli import main

sys.exit(main())
