"""The command ``snapshot``: a view as files."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from geodata.cli.desk_options import desk_code
from geodata.cli.events import add_events_options, with_events
from geodata.cli.publication import add_publication_options, publication, write_files
from geodata.dataset import load
from geodata.sharing import permalink as links
from geodata.sharing.fingerprints import fingerprint, known
from geodata.sharing.publication import Sensitivity


def main(argv: Sequence[str]) -> int:
    """Run ``python -m geodata snapshot``.

    Returns
    -------
    int
        0 if every file was written; remarks on the state go to standard error.
    """
    options = _parser().parse_args(list(argv))
    options.desk, options.proposed = _desk_asked(options)
    dataset = with_events(load(options.network), options)
    here = known(dataset, data=fingerprint(dataset))
    state, notices = links.parse(options.state, known=here)
    lang = options.lang or state.lang or "en"
    for notice in notices:
        print(notice.text(lang), file=sys.stderr)
    if options.network:
        state = replace(state, network=dataset.network.title)
    release = publication(dataset, replace(state, data=here.data), options)
    write_files(release, options.output, hxl=options.hxl)
    return 0


def _desk_asked(options: argparse.Namespace) -> tuple[str | None, bool]:
    """Version of the desk and whether proposed events count: the options', else the link's."""
    wants_desk = options.desk is not None
    code = desk_code(options) if wants_desk else links.parse(options.state)[0].desk
    return (code.removesuffix("p"), code.endswith("p")) if code else (None, False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geodata snapshot")
    add_publication_options(
        parser,
        level=Sensitivity.FULL,
        made="the same day gives the same bytes",
        example="brief.pdf map.png view.html data.gpkg data.geojson view.kml "
        "towns.xlsx towns.csv tables.zip snapshot.json",
    )
    parser.add_argument("--hxl", action="store_true", help="add a row of HXL tags to tables")
    add_events_options(parser)
    return parser
