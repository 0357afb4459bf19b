"""Settings of the app that a test without a server does not read from its folder."""

from streamlit import config

config.set_option("server.enableStaticServing", True)
