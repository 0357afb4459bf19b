"""Every product by its file's name: what it is, that it reads back, and the same bytes twice."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import matplotlib
import openpyxl
import pyogrio
import pytest
from PIL import Image
from pypdf import PdfReader

from geodata import schema as f
from geodata.cli.snapshot import main
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.export import png
from geodata.export.brief import brief
from geodata.export.html.tables import page_tables
from geodata.export.view import MEDIA, export_view
from geodata.schema import Cause, TownState
from geodata.sharing.permalink import parse
from geodata.sharing.publication import Publication, Sensitivity
from tests.support.publications import published

MADE = dt.date(2026, 11, 22)
# In memory a GeoPackage has no ".gpkg" in its name, which GDAL remarks on.
pytestmark = pytest.mark.filterwarnings("ignore:.*non conformant file extension")
QUERY = "cut=gao--bourem,sevare--mopti&date=2025-11-08&vehicle=tanker&compare=2025-10-06"
NAMES = (
    "brief.pdf",
    "map.png",
    "view.html",
    "data.gpkg",
    "data.geojson",
    "view.kml",
    "towns.xlsx",
    "towns.csv",
    "tables.zip",
    "snapshot.json",
)
THREE_STATES = ("", "cut=gao--bourem", QUERY + "&off=dakar&lang=fr")


@pytest.fixture(scope="module")
def full(mali: Dataset) -> Publication:
    return published(mali, parse(QUERY)[0], MADE)


@pytest.fixture(scope="module")
def public(mali: Dataset) -> Publication:
    return published(mali, parse(QUERY)[0], MADE, "fr", Sensitivity.PUBLIC)


Made = Callable[[Publication, str], bytes]


@pytest.fixture(scope="module")
def made() -> Made:
    """Products, each made once for a publication."""
    kept: dict[tuple[int, str], bytes] = {}

    def make(release: Publication, name: str) -> bytes:
        key = id(release), name
        if key not in kept:
            kept[key] = export_view(release, name)
        return kept[key]

    return make


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_release_gives_the_same_bytes(full: Publication, made: Made, name: str) -> None:
    assert export_view(full, name) == made(full, name)


def test_a_drawing_waits_for_no_other_and_is_the_same_beside_it(
    full: Publication, public: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three threads draw; each starts only when all have, and their settings end with the last."""
    draws = [
        lambda: png.png(full, dpi=50),
        lambda: png.png(public, dpi=50),
        lambda: png.map_pdf(full, 400, 300),
    ]
    alone = [draw() for draw in draws]
    before, together = dict(matplotlib.rcParams), threading.Barrier(len(draws), timeout=60)
    draw_map = png.draw_map

    def drawn_together(*given: Any) -> None:
        together.wait()
        assert not matplotlib.rcParams["text.parse_math"]
        draw_map(*given)

    monkeypatch.setattr(png, "draw_map", drawn_together)
    with ThreadPoolExecutor(len(draws)) as threads:
        assert [each.result() for each in [threads.submit(draw) for draw in draws]] == alone
    assert dict(matplotlib.rcParams) == before
    assert matplotlib.rcParams["text.parse_math"]


def test_every_ending_is_a_product(full: Publication) -> None:
    assert {Path(name).suffix[1:] for name in NAMES} == set(MEDIA)


def test_an_unknown_ending_is_refused_with_those_that_are_known(full: Publication) -> None:
    with pytest.raises(GeodataError, match=r"view\.docx.*pdf, png"):
        export_view(full, "view.docx")


@pytest.mark.parametrize("name", NAMES)
def test_each_product_says_its_level(
    full: Publication, public: Publication, made: Made, name: str
) -> None:
    assert_told(made(full, name), name, "full", "full version")
    assert_told(made(public, name), name, "public", "version publique")


def assert_told(data: bytes, name: str, level: str, words: str) -> None:
    if name.endswith("pdf"):
        told = pdf_text(data).lower()
        assert words in told
    elif name.endswith("png"):
        assert words in Image.open(io.BytesIO(data)).text["Description"].lower()
    elif name.endswith("gpkg"):
        layer = pyogrio.read_dataframe(io.BytesIO(data), layer="about").set_index("key")["value"]
        assert layer["sensitivity"] == level
    elif name.endswith("xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(data))
        told = [str(cell).lower() for row in book.worksheets[0].values for cell in row]
        assert any(words in cell for cell in told)
        assert book.properties.description == level
    elif name.endswith("zip"):
        about = zipfile.ZipFile(io.BytesIO(data)).read("about.csv").decode("utf-8-sig")
        assert ["sensitivity", level] in list(csv.reader(io.StringIO(about)))
    elif name.endswith("csv"):
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        assert {row["sensitivity"] for row in rows} == {level}
    elif name.endswith("json") and not name.endswith("geojson"):
        assert json.loads(data)["level"] == level
    elif name.endswith("geojson"):
        assert json.loads(data)["about"]["sensitivity"] == level
    else:
        assert words in data.decode().lower()


def test_public_products_rank_nothing(public: Publication, full: Publication, made: Made) -> None:
    assert "Quelle route rouvrir" not in pdf_text(made(public, "brief.pdf"))
    assert "Which road to reopen" in pdf_text(made(full, "brief.pdf"))
    assert b"Quelle route rouvrir" not in made(public, "view.html")
    sheets = openpyxl.load_workbook(io.BytesIO(made(public, "towns.xlsx"))).sheetnames
    assert sheets == [
        "Synthèse",
        "Villes",
        "Tronçons",
        "Événements",
        "Changements",
        "À propos",
        "Codes",
    ]
    sheets = openpyxl.load_workbook(io.BytesIO(made(full, "towns.xlsx"))).sheetnames
    assert {"Reopening order", "Further closures"} < set(sheets)


def test_the_offline_page_counts_towns_though_a_row_holds_those_of_a_region(
    full: Publication,
) -> None:
    shown = {table["key"]: table for table in page_tables(brief(full), full)}
    towns = full.situation.access.towns
    for key, here in (
        ("escort_only", towns[f.STATE] == TownState.ESCORT_ONLY),
        ("isolated", towns[f.ISOLATED_BY] == Cause.CLOSURE),
    ):
        assert shown[key]["count"] == int(here.sum()) > len(shown[key]["rows"]) > 0
    assert shown["towns"]["count"] == len(towns)


def test_the_geopackage_reads_back_with_the_same_counts(full: Publication, made: Made) -> None:
    data = made(full, "data.gpkg")
    counts = {
        name: len(pyogrio.read_dataframe(io.BytesIO(data), layer=name))
        for name in ("towns", "segments", "events")
    }
    found = full.situation
    assert counts == {
        "towns": len(found.access.towns),
        "segments": len(found.segment_states),
        "events": len(full.events),
    }
    towns = pyogrio.read_dataframe(io.BytesIO(data), layer="towns").set_index(f.NODE_ID)
    assert towns.loc["mopti", f.STATE] == "isolated"
    assert towns.crs.to_epsg() == 4326
    segments = pyogrio.read_dataframe(io.BytesIO(data), layer="segments").set_index(f.SEGMENT_ID)
    assert segments.loc["gao--bourem", "reason"] == "cut"


def test_geojson_holds_all_layers_or_the_one_named(full: Publication) -> None:
    every = json.loads(export_view(full, "data.geojson"))["features"]
    towns = json.loads(export_view(full, "towns.geojson"))["features"]
    assert {each["properties"]["layer"] for each in every} == {"towns", "segments", "events"}
    assert {each["properties"]["layer"] for each in towns} == {"towns"}
    assert len(towns) == len(full.situation.access.towns)


def test_kml_is_well_formed_and_places_every_town(full: Publication, made: Made) -> None:
    root = Xml.fromstring(made(full, "view.kml"))
    space = {"k": "http://www.opengis.net/kml/2.2"}
    points = root.findall(".//k:Placemark/k:Point/k:coordinates", space)
    lon, lat = (float(each) for each in points[0].text.split(","))
    assert -13 < lon < 5
    assert 9 < lat < 26
    assert len(points) >= len(full.situation.access.towns)


def test_hxl_tags_are_written_under_the_headers_only_on_request(full: Publication) -> None:
    rows = list(
        csv.reader(io.StringIO(export_view(full, "towns.csv", hxl=True).decode("utf-8-sig")))
    )
    assert rows[1][rows[0].index(f.POPULATION)] == "#population"
    rows = list(csv.reader(io.StringIO(export_view(full, "towns.csv").decode("utf-8-sig"))))
    assert rows[1][0] == full.situation.access.towns[f.NODE_ID].iloc[0]


def test_the_csv_of_a_table_is_chosen_by_the_files_name(full: Publication) -> None:
    heads = {
        name: export_view(full, f"{name}.csv").decode("utf-8-sig").split(",", 1)[0]
        for name in ("towns", "segments", "events", "changes")
    }
    assert heads == {
        "towns": f.NODE_ID,
        "segments": f.SEGMENT_ID,
        "events": f.EVENT_ID,
        "changes": f.NODE_ID,
    }


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_brief_has_two_pages_and_text_that_can_be_searched(
    full: Publication, made: Made, lang: str
) -> None:
    french = Publication(full.situation, full.view, MADE, "fr")
    data = made(full, "brief.pdf") if lang == full.lang else export_view(french, "brief.pdf")
    reader = PdfReader(io.BytesIO(data))
    first = reader.pages[0].extract_text()
    text = "\n".join([first, *(page.extract_text() for page in reader.pages[1:])])
    assert len(reader.pages) <= 2
    assert reader.root_object["/Lang"] == lang
    for label in ("Mopti", "Tombouctou", "Nouakchott", "Bordj Badji Mokhtar"):
        assert label in first
    assert "237" in text
    # A table without room on the two pages is named, with where it is.
    whole = " ".join(text.split())
    for table in brief(full if lang == full.lang else french).tables:
        assert not table.rows or " ".join(table.title.split()) in whole
    drawn = reader.pages[0]["/Resources"]["/XObject"]["/Map"]
    fonts = [font.get_object() for font in drawn["/Resources"]["/Font"].values()]
    assert {font["/Subtype"] for font in fonts} == {"/Type0"}


def test_the_brief_fits_two_pages_on_the_busiest_dates(mali: Dataset) -> None:
    for query in (
        "date=2025-09-20&vehicle=tanker_all_year&compare=none",
        "preset=phase-4",
        "cut=" + ",".join(mali.network.segment_ids[:150]),
    ):
        release = published(mali, parse(query)[0], MADE, "fr")
        assert len(PdfReader(io.BytesIO(export_view(release, "b.pdf"))).pages) <= 2, query


def test_the_picture_has_300_dots_an_inch(full: Publication, made: Made) -> None:
    picture = Image.open(io.BytesIO(made(full, "map.png")))
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert picture.width / 300 * 25.4 == pytest.approx(250, abs=1)
    assert len(picture.convert("RGB").resize((200, 200)).getcolors(40_000)) > 50


def test_the_html_file_is_small_and_names_its_policy(full: Publication, made: Made) -> None:
    text = made(full, "view.html").decode()
    assert len(text) < 1_500_000
    assert "default-src 'none'; script-src 'sha256-" in text
    assert "unsafe" not in text.split("<style>")[0]


def test_the_command_writes_what_it_is_asked_for(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("brief.pdf", "towns.csv", "snapshot.json")]
    words = [word for path in paths for word in ("-o", str(path))]
    arguments = ["--state", THREE_STATES[-1], "--made", "2026-11-22", *words]
    assert main(arguments) == 0
    first = [path.read_bytes() for path in paths]
    assert main(arguments) == 0
    assert [path.read_bytes() for path in paths] == first
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(p.name for p in paths)


def test_the_command_names_what_it_could_not_use(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "geodata",
            "snapshot",
            "--state",
            "cut=nowhere--land&window=-1",
            "-o",
            str(tmp_path / "towns.csv"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0
    assert "nowhere--land" in done.stderr
    assert "-1" in done.stderr


def test_the_command_refuses_an_unknown_product_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "geodata", "snapshot", "-o", str(tmp_path / "view.docx")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_reported_and_leaves_nothing(
    tmp_path: Path, full: Publication
) -> None:
    blocked = tmp_path / "towns.csv"
    blocked.mkdir()
    with pytest.raises(GeodataError, match="free space"):
        main(["-o", str(blocked)])
    assert [each.name for each in tmp_path.iterdir()] == ["towns.csv"]


def test_products_work_on_any_network(toy, tmp_path: Path) -> None:
    network = toy([("PORT", "a", 10), ("a", "b", 20)], supply=["PORT"])
    release = published(Dataset(network), parse("cut=a--b")[0], MADE)
    for name in NAMES:
        assert len(export_view(release, name)) > 200, name
