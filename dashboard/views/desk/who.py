"""Who writes at the desk: the name asked once, or the account that the server knows."""

import streamlit as st

from dashboard.markup import label
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.person import accounts, cookie_script, given_name, keep_name, person
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
        # Together in a place of their own: what comes and goes above a field that somebody types
        # in would have the browser make another field.
        with st.container(gap=None):
            st.text_input(
                words("desk.name"),
                key=key,
                max_chars=NAME_CHARACTERS,
                on_change=guarded(keep_name),
                args=(key,),
                icon=":material/person:",
                placeholder=words("desk.name_why"),
            )
            if script := cookie_script():
                st.html(script, unsafe_allow_javascript=True)
        return
    here = person()
    role = words("desk.role", role=words(f"desk.role_{here.role}"))
    if source == "oidc" and st.user.get("is_logged_in"):
        st.caption(label(f"{here.name} · {role}"))
        st.button(words("desk.log_out"), key=f"{key}_log_out", on_click=st.logout, type="tertiary")
        return
    if source == "oidc":
        st.button(words("desk.log_in"), key=f"{key}_log_in", on_click=st.login)
    st.caption(role)
