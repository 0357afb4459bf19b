"""The command ``weekly``: the situation brief of a week, which starts with what changed.

Without a state it tells what fuel by tanker reaches.
"""

import argparse
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from geodata.alerts.changes import last_day
from geodata.cli.events import add_events_options, with_events
from geodata.cli.publication import add_publication_options, publication, write_files
from geodata.dataset import load
from geodata.sharing.permalink import parse
from geodata.sharing.publication import Sensitivity

WEEK: Final = dt.timedelta(days=7)


def main(argv: Sequence[str]) -> int:
    """Write the brief of the last day that may be reported, compared with a week before."""
    options = _parser().parse_args(list(argv))
    dataset = with_events(load(options.network), options)
    state, _ = parse(options.state)
    day = last_day(dataset.events, options.made)
    state = replace(state, date=day, compare=(day - WEEK).isoformat(), preset=None)
    release = publication(dataset, state, options, changes_first=True)
    write_files(release, options.output)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geodata weekly", description=__doc__)
    add_publication_options(
        parser,
        level=Sensitivity.PUBLIC,
        made="nothing from the seven days before it is reported",
        example="brief.pdf brief.html",
    )
    add_events_options(parser)
    # As the page's first view: fuel comes by tanker. A state that names no vehicle means any.
    parser.set_defaults(state="vehicle=tanker")
    return parser
