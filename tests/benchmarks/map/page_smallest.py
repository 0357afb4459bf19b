"""The smallest click that Streamlit can answer: a button and a text in a fragment.

Run by ``python -m tests.benchmarks map`` only.
"""

import streamlit as st


@st.fragment
def counted() -> None:
    """Count presses of a button."""
    if st.button("Count", key="press"):
        st.session_state.count = st.session_state.get("count", 0) + 1
    with st.container(key="towns"):
        st.text(str(st.session_state.get("count", 0)))


counted()
