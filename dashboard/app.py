"""The app: ``python -m streamlit run dashboard/app.py``.

The server imports this file once, before its first visitor, and runs it for every view.
"""

import streamlit as st
from starlette.middleware import Middleware

from dashboard import shell, startup
from dashboard.api import routes
from dashboard.map import tile_files
from dashboard.offline import routes as offline
from dashboard.runtime import first_map, fonts, hosting, hosts, logins, session_answers
from dashboard.runtime.compression import CompressedFiles
from dashboard.session import desk

if __name__ == "__main__":
    # Only a run can have the map's component registered, so it must not be imported before.
    from dashboard import layout

    layout.draw()
else:
    startup.prepare()
    app = st.App(
        __file__,
        routes=[
            *routes.routes(),
            *offline.routes(),
            *tile_files.routes(),
            fonts.route(),
            first_map.route(),
            session_answers.route(),
        ],
        middleware=[
            Middleware(hosts.KnownHosts, names=hosts.host_names()),
            Middleware(fonts.EmptyFonts),
            Middleware(logins.WayBack),
            Middleware(CompressedFiles),
            Middleware(shell.FirstShell),
        ],
    )
    hosting.equip(app, __file__, newest=desk.newest)
