"""The command line: ``python -m geodata COMMAND``."""

import sys

from geodata.cli.main import main

sys.exit(main())
