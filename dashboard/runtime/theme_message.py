"""What each run tells the browser of the theme, read from the settings once.

Streamlit reads some hundred settings at the start of every run, also of a part that draws one
line. They do not change while the server runs.
"""

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session


def read_once() -> None:
    """Have Streamlit keep what it read of each section of the theme's settings."""
    read = app_session._populate_theme_msg
    kept: dict[str, CustomThemeConfig] = {}

    def populate(msg: CustomThemeConfig, section: str = "theme") -> None:
        if section not in kept:
            made = CustomThemeConfig()
            read(made, section)
            kept[section] = made
        if kept[section].ListFields():
            msg.MergeFrom(kept[section])

    app_session._populate_theme_msg = populate
