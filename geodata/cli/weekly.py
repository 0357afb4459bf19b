"""The command ``weekly``: the situation brief of a week, which starts with what changed."""

import argparse
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from geodata.alerts.changes import last_day
from geodata.analysis.fuel import fuel
from geodata.analysis.situation import situation
from geodata.cli.desk_options import desk_code
from geodata.cli.events import add_events_options, with_events
from geodata.cli.snapshot import write_whole
from geodata.dataset import load
from geodata.export.view import export_view
from geodata.i18n import LANGUAGES
from geodata.sharing.permalink import parse
from geodata.sharing.publication import Publication, Sensitivity

WEEK: Final = dt.timedelta(days=7)


def main(argv: Sequence[str]) -> int:
    """Write the brief of the last day that may be reported, compared with a week before."""
    options = _parser().parse_args(list(argv))
    dataset = with_events(load(options.network), options)
    state, _ = parse(options.state)
    day = last_day(dataset.events, options.made)
    state = replace(
        state,
        date=day,
        compare=(day - WEEK).isoformat(),
        preset=None,
        desk=desk_code(options),
    )
    release = Publication(
        situation(dataset, state.scenario),
        state,
        options.made,
        options.lang or state.lang or "en",
        options.level,
        options.address,
        changes_first=True,
        fuel=partial(fuel, dataset),
    )
    for path in options.output:
        content = export_view(release, path.name)
        write_whole(path, content)
        print(f"{path}: {len(content):,} bytes")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geodata weekly", description=__doc__)
    parser.add_argument("--state", default="", metavar="QUERYSTRING", help="a link, or its part")
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        type=Path,
        required=True,
        metavar="FILE",
        help="file to write, such as brief.pdf or brief.html; may be given several times",
    )
    parser.add_argument(
        "--level",
        type=Sensitivity,
        choices=list(Sensitivity),
        default=Sensitivity.PUBLIC,
        help="sensitivity level",
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the brief")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument("--address", default="", metavar="URL", help="address of the app")
    parser.add_argument(
        "--made",
        type=dt.date.fromisoformat,
        default=dt.datetime.now(dt.UTC).date(),
        metavar="YYYY-MM-DD",
        help="day of creation; nothing from the seven days before it is reported",
    )
    add_events_options(parser)
    return parser
