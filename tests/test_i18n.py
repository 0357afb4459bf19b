import datetime as dt
import string

import pytest

from geodata.i18n import LANGUAGES, catalogue, day, number, plural, text


def test_dates_and_numbers_take_the_languages_form():
    assert day(dt.date(2026, 1, 7), "en") == "7 January 2026"
    assert day(dt.date(2026, 1, 1), "fr") == "1er janvier 2026"
    assert day(dt.date(2026, 1, 11), "fr") == "11 janvier 2026"
    assert number(12345.67, "en", decimals=1) == "12,345.7"
    assert number(12345.67, "fr", decimals=1).replace("\u202f", " ") == "12 345,7"


def test_a_missing_key_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        text("no.such.key")


def test_plurals_follow_the_language():
    keys = [k for k, v in catalogue("en").items() if isinstance(v, tuple)]
    assert keys
    key = keys[0]
    forms = {lang: catalogue(lang)[key] for lang in LANGUAGES}
    assert all(len(form) == 2 for form in forms.values())
    names = {name for _, name, _, _ in string.Formatter().parse(forms["fr"][0]) if name}
    params = dict.fromkeys(names - {"n"}, "x")
    assert plural(key, 0, "fr", **params) == forms["fr"][0].format(n="0", **params)
    assert plural(key, 0, "en", **params) == forms["en"][1].format(n="0", **params)
