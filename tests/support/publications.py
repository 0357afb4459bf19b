"""Publications of a view, for the tests of products."""

import datetime as dt
from typing import Any

from geodata.analysis.situation import situation
from geodata.dataset import Dataset
from geodata.sharing.publication import Publication
from geodata.sharing.view_state import ViewState


def published(
    dataset: Dataset, view: ViewState, made: dt.date, *args: Any, **options: Any
) -> Publication:
    """A view of a data set, made ready for products."""
    return Publication(situation(dataset, view.scenario), view, made, *args, **options)
