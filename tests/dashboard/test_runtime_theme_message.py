"""The theme that every run sends is the one of the settings, whether it was read or kept."""

from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from dashboard.runtime import theme_message

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar")


def sent() -> CustomThemeConfig:
    """The theme as a run fills it in, section by section."""
    whole = CustomThemeConfig()
    for section, part in zip(
        SECTIONS, (whole, whole.light, whole.dark, whole.sidebar), strict=True
    ):
        app_session._populate_theme_msg(part, section)
    return whole


def test_the_theme_is_read_once_and_sent_as_before(monkeypatch):
    asked: list[str] = []
    options = config.get_options_for_section
    given = {"theme": {"primaryColor": "#123456"}, "theme.dark": {"textColor": "#fedcba"}}

    def noted(section):
        asked.append(section)
        return {**dict.fromkeys(options(section)), **given.get(section, {})}

    monkeypatch.setattr(config, "get_options_for_section", noted)
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    before = sent()
    theme_message.read_once()
    asked.clear()
    assert sent() == sent() == before
    assert sorted(asked) == sorted(SECTIONS)
    assert (before.primary_color, before.dark.text_color) == ("#123456", "#fedcba")
