"""Any text in a table stays text in every exported file."""

import csv
import datetime as dt
import html.parser
import io
import json
import re
import sqlite3
import zipfile

import openpyxl
import pytest
from defusedxml import ElementTree as Xml
from pypdf import PdfReader

from dashboard import markup
from geodata import schema as f
from geodata.export.view import export_view
from geodata.sanitize import formula_safe
from geodata.sharing.permalink import Note, ViewState
from geodata.sharing.publication import events_shown
from geodata.sharing.snapshot import check, read, read_apart
from tests.support.hostile_strings import CANARY, LINES, PRODUCT, STRINGS, hostile_dataset
from tests.support.publications import published

pytestmark = pytest.mark.filterwarnings("ignore:Glyph")
KML = "{http://www.opengis.net/kml/2.2}"
FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+\-@]")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?", re.IGNORECASE)


@pytest.fixture(scope="module")
def release():
    """Thirty roads cut, each with a note of hostile text, on a network of hostile names."""
    dataset = hostile_dataset()
    cut = dataset.network.segment_ids[:30]
    notes = tuple(Note(each, LINES[n], LINES[-n], None, LINES[n + 9]) for n, each in enumerate(cut))
    state = ViewState(
        cut=cut,
        notes=notes,
        date=dt.date(2025, 11, 10),
        window=200,
        title=STRINGS["script"],
        compare="none",
    )
    return published(dataset, state, dt.date(2026, 1, 1))


def names_of(release):
    """Names as products show them: towns of one name carry their region and id."""
    return release.situation.dataset.network.labels


@pytest.mark.parametrize("hxl", [False, True])
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(release, hxl):
    content = export_view(release, "all.xlsx", hxl=hxl)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "b"}
    assert all(cell.quotePrefix and cell.hyperlink is None for cell in texts)
    held = {cell.value for cell in texts}
    assert {STRINGS["formula"], STRINGS["formula_dde"], STRINGS["jinja_sum"]} <= held
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower()]
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_no_cell_of_a_csv_starts_a_formula_and_every_text_can_be_recovered(release):
    with zipfile.ZipFile(io.BytesIO(export_view(release, "tables.zip"))) as archive:
        tables = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    for name, text in tables.items():
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}, name
        for row in rows:
            for cell in row:
                assert NUMBER.fullmatch(cell) or not FORMULA.match(cell), (name, cell)
    towns = list(csv.DictReader(io.StringIO(tables["towns.csv"], newline="")))
    names = names_of(release)
    for row in towns:
        wanted = names[row[f.NODE_ID]].replace("\0", "")
        assert row[f.NAME] == formula_safe(wanted)
        # Only apostrophes were put in, at the start and where a program might split the cell.
        assert row[f.NAME].replace("'", "") == wanted.replace("'", "")


def test_geojson_gives_every_text_back_unaltered(release):
    towns = json.loads(export_view(release, "towns.geojson"))["features"]
    names = names_of(release)
    assert len(towns) == len(release.situation.dataset.network.towns)
    for town in towns:
        assert town["properties"][f.NAME] == names[town["properties"][f.NODE_ID]]
    events = json.loads(export_view(release, "events.geojson"))["features"]
    table = events_shown(release.situation.dataset, release.view).set_index(f.EVENT_ID)
    for event in events:
        told = event["properties"]
        assert told[f.SUMMARY] == table.at[told[f.EVENT_ID], f.SUMMARY]
        assert told[f.ACTOR] == table.at[told[f.EVENT_ID], f.ACTOR]


def test_geopackage_holds_plain_tables_and_the_texts(release, tmp_path):
    path = tmp_path / "data.gpkg"
    path.write_bytes(export_view(release, "data.gpkg"))
    base = sqlite3.connect(path)
    kinds = dict(base.execute("SELECT type, count(*) FROM sqlite_master GROUP BY type"))
    assert "view" not in kinds
    held = dict(base.execute(f"SELECT {f.NODE_ID}, {f.NAME} FROM towns"))
    base.close()
    names = names_of(release)
    assert held
    for node, name in held.items():
        assert name == names[node].replace("\0", "")


class Elements(html.parser.HTMLParser):
    """Which elements a piece of HTML holds."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_kml_is_one_document_whose_descriptions_hold_only_line_breaks(release):
    root = Xml.fromstring(export_view(release, "view.kml"))
    tags = {element.tag.removeprefix(KML) for element in root.iter()}
    assert tags <= {
        "kml",
        "Document",
        "Folder",
        "name",
        "description",
        "Style",
        "IconStyle",
        "LineStyle",
        "color",
        "width",
        "Placemark",
        "styleUrl",
        "Point",
        "MultiGeometry",
        "LineString",
        "coordinates",
    }
    descriptions = [each.text or "" for each in root.iter(f"{KML}description")]
    assert len(descriptions) > 100
    for text in descriptions:
        assert {tag for tag, _ in Elements(text).found} <= {"br"}
    held = {each.text for each in root.iter(f"{KML}name")}
    assert any(STRINGS["script"] in name for name in held if name)


def test_the_brief_runs_nothing_links_only_to_the_web_and_holds_the_texts(release):
    pdf = PdfReader(io.BytesIO(export_view(release, "brief.pdf")))
    root = pdf.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}))
    for page in pdf.pages:
        assert "/AA" not in page
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            assert action.get("/S", "/URI") == "/URI"
            assert re.match(r"https?://", action.get("/URI", "https://"))
            assert CANARY not in action.get("/URI", "")
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "script" in text
    assert PRODUCT not in text


def test_the_map_is_drawn_whatever_its_labels_say(release):
    assert export_view(release, "map.png").startswith(b"\x89PNG")


def test_a_snapshot_comes_back_with_its_texts(release):
    data = export_view(release, "snapshot.json", with_events=True)
    found = read(data)
    apart = read_apart(data)
    assert apart.state == found.state
    assert apart.towns.equals(found.towns)
    assert apart.events.equals(found.events)
    assert check(data).exit_code == 0
    assert found.state.notes == release.notes
    assert list(found.events[f.SUMMARY]) == list(release.situation.dataset.added_events[f.SUMMARY])


@pytest.mark.parametrize("name", STRINGS)
def test_the_pages_own_markup_makes_no_element_of_a_text(name):
    text = STRINGS[name]
    made = markup.tag("p", markup.tag("b", text, title=text), text, markup.link(text, "shown"))
    found = Elements(made)
    assert [tag for tag, _ in found.found] == ["p", "b"]
    assert set(found.found[1][1]) == {"title"}
    assert not set(made) & set("`\\${}\0\u2028\u2029")
