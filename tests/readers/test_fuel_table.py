"""Tables of tanks, use and deliveries by town, from files of several kinds."""

import io

import openpyxl
import pytest

from geodata.errors import GeodataError
from geodata.readers import fuel_table
from geodata.readers.fuel_table import COLUMNS, read_fuel_table


def test_a_french_table_with_grouped_numbers_is_read_into_the_fields_columns() -> None:
    data = (
        "Ville;Cuve litres;Consommation;Date de livraison;Litres livrés;Gérant\n"
        "Ségou;1 200 000;45 000,5;20/10/2025;92.000;A. B.\n"
        ";;;;;\n"
        "Mopti;;;;;\n"
    ).encode("cp1252")
    found = read_fuel_table(data)
    assert found.unused == ("Gérant",)
    first = found.rows.iloc[0]
    assert first["row"] == 2
    assert first["town"] == "Ségou"
    assert first["tank_litres"] == "1200000"
    assert first["use_litres_per_day"] == "45000.5"
    assert first["date"] == "2025-10-20"
    assert first["delivered_litres"] == "92000"
    assert found.rows["row"].tolist() == [2, 4]


def test_a_workbook_is_read_with_its_days() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["town", "tank_litres", "date", "delivered_litres"])
    sheet.append(["Mopti", 90000, None, None])
    sheet.append(["Mopti", None, 45950, 46000])
    out = io.BytesIO()
    book.save(out)
    rows = read_fuel_table(out.getvalue()).rows
    assert rows["tank_litres"].tolist() == ["90000", ""]
    assert rows["date"].tolist() == ["", "2025-10-20"]
    assert "use_litres_per_day" not in rows


def test_days_in_doubt_and_words_for_numbers_stay_as_they_were_written() -> None:
    data = b"town,tank_litres,date,delivered_litres\nMopti,plenty,03/04/2026,9\n"
    row = read_fuel_table(data).rows.iloc[0]
    assert row["tank_litres"] == "plenty"
    assert row["date"] == "03/04/2026"


def test_rows_with_too_many_cells_are_told() -> None:
    found = read_fuel_table(b"town,tank_litres\nMopti,9\nGao,9,9,9\n")
    assert found.rejected == (3,)
    assert found.rows["town"].tolist() == ["Mopti"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"place_of_birth,age\nGao,3\n"])
def test_what_is_no_such_table_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(GeodataError):
        read_fuel_table(data)


def test_the_template_is_read_without_a_remark() -> None:
    filled = fuel_table.template_csv() + b"Gao,1,2,2025-10-20,3\n"
    found = read_fuel_table(filled)
    assert list(found.rows.columns) == ["row", *COLUMNS]
    assert found.unused == ()
