"""Every key that the code names has its message, and every message is named."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import geodata
from geodata.i18n import LANGUAGES, LOCALE_FOLDER, catalogue, text
from geodata.readers.tables.numbers import LARGEST_COUNT

FOLDER = Path(geodata.__file__).parent
AREAS = "acled|cells|connect|dates|events|hapi|numerals|report|sandbox|table|workbook"
KEY = re.compile(rf'"((?:{AREAS})\.[a-z_0-9]+)"')
# Keys put together from parts.
BUILT = {
    "events.no_lat", "events.no_lon", "events.bad_lat", "events.bad_lon", "events.order_dmy",
    "events.order_mdy", "report.line_error", "report.line_warning", "report.line_info",
}  # fmt: skip


def messages(lang):
    with (LOCALE_FOLDER / lang / "events.po").open("rb") as file:
        read = [entry for entry in read_po(file, locale=lang) if entry.id]
    # One with a plural has its key twice, and a form for each number: here they are one text.
    return {
        entry.id[0] if entry.pluralizable else entry.id: (
            " ".join(entry.string) if entry.pluralizable else entry.string
        )
        for entry in read
    }


def test_both_languages_have_the_same_keys_and_values():
    english, french = (messages(lang) for lang in LANGUAGES)
    assert set(english) == set(french)
    for key, message in english.items():
        assert set(re.findall(r"{(\w+)}", message)) == set(re.findall(r"{(\w+)}", french[key])), key


def test_every_key_in_the_code_has_its_message_and_every_message_is_used():
    named = {key for path in FOLDER.rglob("*.py") for key in KEY.findall(path.read_text())} | BUILT
    assert named - set(catalogue("en")) == {"events.csv"}  # a file
    assert set(messages("en")) <= named


def test_the_message_names_the_limit_that_holds():
    assert f"{LARGEST_COUNT:,}" in text("numerals.too_large")


def test_french_marks_keep_their_spaces():
    for key, message in messages("fr").items():
        assert not re.search(r"[^\u00a0\u202f]([;!?»]|:(?= ))", message.replace("--", "")), key
