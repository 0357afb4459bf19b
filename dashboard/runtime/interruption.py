"""A long computation that ends as soon as its visitor does something else.

Streamlit ends a run for a newer one where the older draws something, but not where both are of the
same part of the page: a click there waits for what it was meant to stop.
"""

from streamlit.runtime.scriptrunner import RerunException, StopException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType


def end_if_asked_again() -> None:
    """End this run if the same part of the page is asked for again; that run follows at once.

    To be called now and then while something long is computed. A first run of the whole page goes
    on: the parts below this one would be missing.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not context.fragment_ids_this_run:
        return
    requests = context.script_requests
    if requests is None or requests._state != ScriptRequestType.RERUN:
        return
    if set(requests._rerun_data.fragment_id_queue).isdisjoint(context.fragment_ids_this_run):
        return
    request = requests.on_scriptrunner_ready()
    if request.type == ScriptRequestType.RERUN:
        raise RerunException(request.rerun_data)
    raise StopException
