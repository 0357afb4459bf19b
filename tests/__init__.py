"""Tests of the package, the page and the documents, and the benchmarks."""

import os
import sys

# Tests start hundreds of commands, servers and bounded processes: what one of them has compiled
# the others read, even where Python is told to write no bytecode.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
