"""The page, composed: ``python -m streamlit run dashboard/app.py``."""

import streamlit as st

from dashboard import controls, dates, guard, page, style
from dashboard.views import header, live


def main() -> None:
    """Draw the whole page once."""
    opened = page.open_page()
    style.draw()
    with st.container(key="page"):
        header.draw(opened)
        controls.draw(opened)
        live.draw()
    dates.tick()


st.set_page_config(page_title=page.title(), layout="wide", initial_sidebar_state="collapsed")
guard.run(main)
