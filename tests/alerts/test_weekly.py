"""The brief of a week: two formats, changes first, nothing younger than seven days."""

import datetime as dt
import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from geodata.cli.main import main
from geodata.export.brief import brief
from geodata.export.view import export_view
from geodata.i18n import text
from geodata.sharing.permalink import ViewState
from geodata.sharing.publication import Sensitivity
from tests.support.publications import published


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_week_is_written_as_pdf_and_html(tmp_path, lang):
    files = [tmp_path / "brief.pdf", tmp_path / "brief.html"]
    words = [word for file in files for word in ("-o", str(file))]
    assert main(["weekly", "--made", "2025-11-12", "--lang", lang, *words]) == 0
    assert files[0].read_bytes().startswith(b"%PDF")
    page = files[1].read_text(encoding="utf-8")
    assert "2025-11-05" in page
    assert "2025-11-06" not in page.partition("<script")[0]
    # Fuel comes by tanker.
    assert text("core.vehicle.tanker", lang) in page.partition('id="view"')[2]


def test_what_changed_comes_first(mali):
    state = ViewState(date=dt.date(2025, 9, 5), compare="2025-08-29")
    usual = published(mali, state, dt.date(2025, 9, 12), level=Sensitivity.PUBLIC)
    weekly = brief(replace(usual, changes_first=True)).tables
    assert {table.title for table in weekly} == {table.title for table in brief(usual).tables}
    assert weekly[0].title != brief(usual).tables[0].title


def test_what_changed_stands_above_the_map(mali):
    state = ViewState(date=dt.date(2025, 9, 5), compare="2025-08-29")
    usual = published(mali, state, dt.date(2025, 9, 12), level=Sensitivity.PUBLIC)
    title = brief(replace(usual, changes_first=True)).tables[0].title

    def heights(weekly):
        """Feet of the heading and of the map on the first page, from its lower edge."""
        file = export_view(replace(usual, changes_first=weekly), "brief.pdf")
        page = PdfReader(io.BytesIO(file)).pages[0]
        (foot,) = re.findall(rb"1 0 0 1 [\d.]+ ([\d.]+) cm /Map Do", page.get_contents().get_data())
        headings = []
        page.extract_text(
            visitor_text=lambda text, at, *_: headings.append(at[5]) if title in text else None
        )
        return headings, float(foot)

    (heading,), foot = heights(weekly=True)
    assert heading > foot
    assert heights(weekly=False)[0] == []
