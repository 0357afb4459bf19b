"""Who writes at the desk: the name asked once, or the account that the server knows."""

import streamlit as st

from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.person import accounts, given_name, keep_name, person
from geodata.desk.people import NAME_CHARACTERS


def draw(page: Page, *, key: str = "desk_name") -> None:
    """The name to be given, or the way to log in, or the role.

    Parameters
    ----------
    page : Page
    key : str
        Of the field, which stands in several places of the page.
    """
    words, source = page.words, accounts()
    if source == "local":
        visit.seed(key, given_name())
        st.text_input(
            words("desk.name"),
            key=key,
            max_chars=NAME_CHARACTERS,
            on_change=guarded(keep_name),
            args=(key,),
            icon=":material/person:",
            placeholder=words("desk.name_why"),
        )
        return
    if source == "oidc" and not st.user.get("is_logged_in"):
        st.button(words("desk.log_in"), on_click=st.login)
    here = person()
    role = words(f"desk.role_{here.role}")
    st.caption(words("desk.role", role=role))
