"""KML, GPX, OpenStreetMap files, geodatabases, tables and nested columns, honest and hostile."""

import io
import json
import tempfile
import zlib
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from geodata.cli.check_file import check
from geodata.readers.layers.reader import read_layer
from geodata.readers.report import Report
from tests.support.layer_cases import TOWNS, frame, zipped
from tests.support.probes import layers

SAMPLE_PBF = Path(pyogrio.__file__).parent / "tests" / "fixtures" / "sample.osm.pbf"


def told(report: Report) -> str:
    return " | ".join(problem.message() for problem in report.problems)


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>
<Style id="s"><IconStyle><Icon><href>http://127.0.0.1:9/icon.png</href></Icon></IconStyle></Style>
<NetworkLink><Link><href>http://127.0.0.1:9/more.kml</href></Link></NetworkLink>
<Folder><name>Villes</name>
<Placemark><name>تمبكتو</name><description><![CDATA[<script>alert(1)</script>]]></description>
<styleUrl>http://127.0.0.1:9/s.kml#s</styleUrl>
<ExtendedData><Data name="population"><value>32460</value></Data></ExtendedData>
<Point><coordinates>-3.0074,16.7735,261</coordinates></Point></Placemark></Folder>
<Placemark><name>Route</name><MultiGeometry>
<LineString><coordinates>-4,14 -4.1,14.5</coordinates></LineString>
<LineString><coordinates>-4.1,14.5
 -4.2,14.6</coordinates></LineString></MultiGeometry></Placemark>
<Placemark><name>Trace</name><gx:Track><gx:coord>-4 14 1</gx:coord><gx:coord>-5 14 1</gx:coord>
</gx:Track></Placemark>
</Document></kml>""".encode()


@pytest.mark.parametrize(
    "data", [KML, zipped({"doc.kml": KML, "images/a.png": b"\x89PNG"})], ids=("KML", "KMZ")
)
def test_placemarks_are_read_and_links_are_not_followed(data: bytes) -> None:
    places = read_layer(data, kind="towns")
    (town,) = places.frame.to_dict("records")
    assert town["name"] == "تمبكتو"
    assert town["population"] == "32460"
    assert town["folder"] == "Villes"
    assert town["description"] == "<script>alert(1)</script>"
    assert "network links" in told(places.report)
    assert sorted(read_layer(data, kind="roads").frame["name"]) == ["Route", "Trace"]


GPX = b"""<?xml version="1.0"?><gpx version="1.1" creator="x"
 xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="14" lon="-4"><name>Mopti</name></wpt>
<trk><name>T</name><type>hiking</type><trkseg><trkpt lat="14" lon="-4"/><trkpt lat="15" lon="-4"/>
</trkseg></trk></gpx>"""


def test_tracks_are_roads_and_waypoints_are_towns() -> None:
    roads = read_layer(GPX, kind="roads")
    assert (roads.layer, len(roads.frame)) == ("tracks", 1)
    assert "type" not in roads.frame
    assert list(read_layer(GPX, kind="towns").frame["name"]) == ["Mopti"]


OSM = """<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">
<node id="3" lat="14" lon="-4"><tag k="place" v="town"/><tag k="name" v="Sévaré"/>
<tag k="population" v="21 000"/></node>
<node id="1" lat="14" lon="-5"><tag k="shop" v="yes"/></node><node id="2" lat="15" lon="-5"/>
<way id="7"><nd ref="3"/><nd ref="1"/><tag k="highway" v="trunk"/><tag k="surface" v="asphalt"/>
</way></osm>""".encode()


def test_openstreetmap_xml_gives_ways_and_places_with_their_tags() -> None:
    (road,) = read_layer(OSM, kind="roads").frame.to_dict("records")
    assert (road["highway"], road["surface"], road["osm_id"]) == ("trunk", "asphalt", "7")
    towns = read_layer(OSM, kind="towns")
    (town,) = towns.frame.to_dict("records")
    assert (town["name"], town["place"], town["population"]) == ("Sévaré", "town", "21 000")
    assert "place" in told(towns.report)


def test_openstreetmap_pbf_gives_its_ways() -> None:
    roads = read_layer(SAMPLE_PBF, kind="roads")
    assert len(roads.frame) == 36
    assert {"highway", "oneway", "layer"} <= set(roads.frame.columns)


def pbf(*blocks: tuple[bytes, int, bytes]) -> bytes:
    """Blocks of (type, declared size, packed content) as a PBF file."""

    def varint(value: int) -> bytes:
        out = b""
        while value > 127:
            out, value = out + bytes([value & 127 | 128]), value >> 7
        return out + bytes([value])

    file = b""
    for kind, size, packed in blocks:
        body = b"\x10" + varint(size) + b"\x1a" + varint(len(packed)) + packed
        head = b"\x0a" + varint(len(kind)) + kind + b"\x18" + varint(len(body))
        file += len(head).to_bytes(4, "big") + head + body
    return file


HEADER = (b"OSMHeader", 16, zlib.compress(b"\x22\x0eOsmSchema-V0.6"))


def test_a_pbf_that_unpacks_to_too_much_is_refused() -> None:
    bomb = (b"OSMData", 30 * 10**6, zlib.compress(bytes(30 * 10**6)))
    assert "100 MB" in told(check(pbf(HEADER, *[bomb] * 4), kind="roads"))


def test_a_pbf_that_lies_about_its_size_is_refused() -> None:
    bomb = (b"OSMData", 100, zlib.compress(bytes(30 * 10**6)))
    assert check(pbf(HEADER, bomb), kind="roads").refused


@pytest.mark.parametrize("cut", [20, 100, 5_000])
def test_a_cut_pbf_is_refused_as_damaged(cut: int) -> None:
    assert "damaged" in told(check(SAMPLE_PBF.read_bytes()[:cut], kind="roads"))


ENTITIES = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "%s">]>' % (b"z" * 99)


@pytest.mark.parametrize("root", [KML, GPX, OSM], ids=("KML", "GPX", "OSM XML"))
def test_entities_are_refused(root: bytes) -> None:
    head, _, rest = root.partition(b"?>")
    report = check(head + b"?>" + ENTITIES + rest.replace(b"Mopti", b"&a;&b;"))
    assert report.refused
    assert "entities" in told(report)
    assert "root:" not in report.to_json()


@pytest.mark.parametrize("root", [GPX, OSM], ids=("GPX", "OSM XML"))
def test_entities_in_another_encoding_are_refused(root: bytes) -> None:
    _, _, rest = root.decode().partition("?>")
    text = '<?xml version="1.0" encoding="UTF-16"?>' + ENTITIES.decode() + rest
    assert check(text.encode("utf-16")).refused


@pytest.mark.parametrize("data", [
    zipped({"doc.kml": zipped({"doc.kml": KML})}), KML[:-200], GPX[:-30], OSM[:-30],
    b'<?xml version="1.0"?><kml><Document/></kml>', b"<kml>" * 5_000,
], ids=("archive in an archive", "KML, cut", "GPX, cut", "OSM, cut", "empty", "deep"))  # fmt: skip
def test_damaged_and_nested_files_are_refused(data: bytes) -> None:
    report = check(data, kind="roads")
    assert report.refused
    assert "stopped within" not in told(report)


def geodatabase() -> bytes:
    """A geodatabase with five roads and an empty layer, as an archive."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "data.gdb"
        table = frame(lines=True)
        pyogrio.write_dataframe(table, path, driver="OpenFileGDB", layer="roads")
        pyogrio.write_dataframe(
            table.head(0),
            path,
            driver="OpenFileGDB",
            layer="planned",
            geometry_type="LineString",
            append=True,
        )
        return zipped({f"x/data.gdb/{each.name}": each.read_bytes() for each in path.iterdir()})


def test_a_geodatabase_gives_the_layer_that_is_not_empty_and_names_the_other() -> None:
    roads = read_layer(geodatabase(), kind="roads")
    assert (roads.format, roads.layer, len(roads.frame)) == ("FileGDB", "roads", 5)
    assert "planned (0)" in told(roads.report)


def test_a_geodatabase_with_broken_tables_is_refused() -> None:
    table = "a00000001.gdbtable"
    assert "damaged" in told(check(zipped({f"d.gdb/{table}": b"\3" + bytes(60), "d.gdb/gdb": b""})))


OVERPASS = {"version": 0.6, "elements": [
    {"type": "node", "id": 1, "lat": 14, "lon": -4},
    {"type": "node", "id": 2, "lat": 15, "lon": -4},
    {"type": "node", "id": 3, "lat": 15, "lon": -5, "tags": {"place": "town", "name": "a"}},
    {"type": "way", "id": 8, "nodes": [1, 2], "tags": {"highway": "primary"}},
    {"type": "way", "id": 9, "nodes": [5, 6], "tags": {"highway": "track"},
     "geometry": [{"lat": 14, "lon": -4}, {"lat": 14, "lon": -5}]},
    {"type": "relation", "id": 1, "members": []},
]}  # fmt: skip


def test_the_json_of_overpass_is_read() -> None:
    data = json.dumps(OVERPASS).encode()
    roads = read_layer(data, kind="roads")
    assert sorted(roads.frame["highway"]) == ["primary", "track"]
    assert "relations" in told(roads.report)
    assert list(read_layer(data, kind="towns").frame["name"]) == ["a"]


def test_the_json_of_overpass_without_coordinates_says_how_to_ask() -> None:
    data = json.dumps({"elements": [{"type": "way", "id": 1, "nodes": [1, 2]}]}).encode()
    assert "out geom" in told(check(data))


def as_csv(encoding: str = "utf-8", separator: str = ",") -> bytes:
    rows = [["Nom", "Latitude", "Longitude"], *([n, str(y), str(x)] for n, x, y in TOWNS)]
    return "\n".join(separator.join(row) for row in rows).encode(encoding)


def as_workbook() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["name", "lat", "lon"], *([n, y, x] for n, x, y in TOWNS)):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "data", [as_csv(), as_csv("cp1252", ";"), as_workbook()], ids=("CSV", "Windows", "XLSX")
)
def test_towns_may_be_a_table(data: bytes) -> None:
    towns = read_layer(data, kind="towns").frame
    assert towns.geometry.x.tolist() == [x for _, x, _ in TOWNS]
    names = towns["Nom"] if "Nom" in towns else towns["name"]
    assert names.tolist() == [name for name, *_ in TOWNS]


def test_a_row_without_coordinates_is_reported_and_the_others_stay() -> None:
    report = check(as_csv().replace(b"14.4843", b"north"), kind="towns")
    assert (report.accepted, report.rejected) == (5, 1)


@pytest.mark.parametrize("line", [b"a,b,c", b'"features","type","x"', b"name,lat,lon"])
@pytest.mark.parametrize("row", [b"", b",,", b"x,1,2,3,4"])
def test_a_table_of_which_no_row_can_be_used_is_reported_in_words(line: bytes, row: bytes) -> None:
    """A damaged file of any other format may look like a header of a table and nothing else."""
    answer, _ = layers(b"", {"files": [b"\n".join([line, row, row]).hex()]})
    assert answer["unforeseen"] == []
    assert answer["refused"] == (0 if b"lat" in line and row.startswith(b"x") else 1)


def test_a_table_is_no_roads_and_a_table_of_events_says_so() -> None:
    assert "lines" in told(check(as_csv(), kind="roads"))
    dated = as_csv().replace(b"Nom", b"date", 1)
    assert "check-events" in told(check(dated))


@pytest.mark.parametrize(("data", "name"), [
    (b'{"type":"Topology","objects":{}}', "TopoJSON"), (b"Rar!\x1a\x07" + bytes(99), "RAR"),
    (b'{"geometryType":"esriGeometryPolyline","features":[]}', "Esri JSON"),
    (b'<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="x"/>', "GML"),
    (b"<!DOCTYPE html><html></html>", "HTML"), (b"%PDF-1.7", "PDF"),
    (b"\x00\x00\x27\x0a" + bytes(96), "Shapefile"), (b"AC1027" + bytes(99), "DWG"),
])  # fmt: skip
def test_a_format_that_is_not_read_is_named(data: bytes, name: str) -> None:
    report = check(data)
    assert report.refused
    assert name in told(report)
    assert "QGIS" in told(report)


@pytest.mark.parametrize("name", ["<svg onload=x>", "<html>", "<gml:FeatureCollection>", "<qgis>"])
def test_markup_in_the_names_of_a_geojson_makes_it_no_other_format(name: str) -> None:
    town = {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Point", "coordinates": [-8, 12]},
    }
    assert check(json.dumps(town).encode()).accepted == 1


def overture() -> gpd.GeoDataFrame:
    """Three segments: paved and open, denied, a ferry."""
    return gpd.GeoDataFrame(
        {
            "id": ["a", "b", "c"],
            "subtype": ["road", "road", "water"],
            "class": ["primary", "secondary", None],
            "names": [{"primary": "RN6"}, None, {"primary": "Bac"}],
            "connectors": [[{"connector_id": "x", "at": 0.0}]] * 3,
            "road_surface": [[{"value": "paved", "between": None}], None, None],
            "road_flags": [[{"values": ["is_bridge"], "between": None}], None, None],
            "access_restrictions": [
                [{"access_type": "denied", "when": {"heading": "backward", "mode": None}}],
                [{"access_type": "denied", "when": None}],
                None,
            ],
        },
        geometry=[shapely.LineString([(x, 14), (x + 1, 14)]) for x in (-6, -5, -4)],
        crs=4326,
    )


def test_segments_of_overture_come_as_plain_tags() -> None:
    file = io.BytesIO()
    overture().to_parquet(file)
    roads = read_layer(file.getvalue(), kind="roads").frame
    found = roads.astype(object).where(roads.notna(), "")
    assert found["name"].tolist() == ["RN6", "", "Bac"]
    assert found["highway"].tolist() == ["primary", "secondary", ""]
    assert found["route"].tolist() == ["", "", "ferry"]
    assert found["surface"].tolist() == ["paved", "", ""]
    assert found["access"].tolist() == ["", "no", ""]
    assert found["oneway"].tolist() == ["yes", "", ""]
    assert found["bridge"].tolist() == ["yes", "", ""]


def test_pieces_of_one_way_keep_ids_of_their_own() -> None:
    from geodata.roads.importer import import_roads

    pieces = gpd.GeoDataFrame(
        {"id": [5, 5], "u": [1, 2], "v": [2, 3], "highway": ["primary"] * 2},
        geometry=[
            shapely.LineString([(20, 10), (20.5, 10)]),
            shapely.LineString([(20.5, 10), (21, 10)]),
        ],
        crs=4326,
    )
    table = pd.DataFrame({"name": ["a", "b", "c"], "supply_point": [1, 0, 0]})
    points = gpd.points_from_xy([20, 20.5, 21], [10] * 3)
    towns = gpd.GeoDataFrame(table, geometry=points, crs=4326)
    made = import_roads(pieces, towns)
    assert made.network.segments["segment_id"].is_unique
    assert len(made.network.segments) == 2
