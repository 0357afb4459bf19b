"""Products of a whole country: time of one core and memory of each, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from dashboard.views.share import FILES
from tests.benchmarks.comparison import Row

ROOT: Final = Path(__file__).resolve().parents[2]
GOAL_SECONDS: Final = 60.0
LIMIT_SECONDS: Final = 120
"""Processor time after which a product is ended and counts as not finished."""

# The child opens the network, so that its reading counts in neither time.
_CHILD: Final = """
import datetime as dt, json, resource, sys, time
from geodata.analysis.situation import situation
from geodata.dataset import load
from geodata.export.view import export_view
from geodata.schema import Vehicle
from geodata.sharing.permalink import ViewState
from geodata.sharing.publication import Publication
folder, name, limit = sys.argv[1:]
dataset = load(folder)
view = ViewState(cut=dataset.network.segment_ids[1000:1005], vehicle=Vehicle.TANKER)
release = Publication(situation(dataset, view.scenario), view, dt.date.today(), "en")
begun = time.process_time()
resource.setrlimit(resource.RLIMIT_CPU, (int(begun) + int(limit), -1))
content = export_view(release, name)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
print(json.dumps([time.process_time() - begun, len(content) / 1e6, peak]))
"""


def products(folder: Path) -> list[Row]:
    """Make each product of the page for sharing; one row for each."""
    rows = []
    for name in FILES:
        words = [sys.executable, "-c", _CHILD, str(folder), name, str(LIMIT_SECONDS)]
        done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
        question, goal = f"product {name}", f"< {GOAL_SECONDS:.0f} s of one core"
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [f"ended by {done.returncode}"])[-1]
            rows.append(Row(question, f"not within {LIMIT_SECONDS} s", "", goal, False, last))
            continue
        took, size, peak = json.loads(done.stdout)
        note = f"{size:.1f} MB; process of {peak:,.0f} MB at most"
        rows.append(Row(question, f"{took:.1f} s", "", goal, took < GOAL_SECONDS, note))
    return rows
