import io
import json
import logging

import pytest
from _pytest.logging import LogCaptureHandler

from dashboard.runtime import json_log


def written(act):
    target = io.StringIO()
    handler = logging.StreamHandler(target)
    handler.setFormatter(json_log.JsonLineFormatter())
    logger = logging.Logger("supply_routes")
    logger.addHandler(handler)
    act(logger)
    return [json.loads(line) for line in target.getvalue().splitlines()]


def failing():
    raise ValueError("cut=gao--bourem by Aïssata")


def test_a_fault_is_reported_by_kind_and_place_not_by_its_text():
    def act(logger):
        try:
            failing()
        except ValueError:
            logger.exception("a run failed")

    (line,) = written(act)
    assert line["fault"] == "ValueError"
    assert [place.partition(":")[0] for place in line["at"]] == ["test_runtime_json_log.py"] * 2
    assert "Aïssata" not in json.dumps(line, ensure_ascii=False)
    assert (line["level"], line["event"]) == ("error", "a run failed")


def test_values_put_into_a_message_are_left_out_and_a_record_is_one_line():
    (line,) = written(lambda logger: logger.warning("opened %s\nand more", "rapport secret.csv"))
    assert line["event"] == "opened %s"
    assert "secret" not in json.dumps(line)


def test_streamlits_own_log_is_written_the_same_way_once():
    from streamlit.logger import get_logger

    foreign = get_logger("streamlit.made_up")
    own = json_log.set_up()
    assert json_log.set_up() is own
    ours = [each for each in own.handlers if not isinstance(each, LogCaptureHandler)]
    assert len(ours) == 1
    theirs = [each for each in foreign.handlers if not isinstance(each, LogCaptureHandler)]
    assert {type(each.formatter) for each in (*ours, *theirs)} == {json_log.JsonLineFormatter}


@pytest.fixture(autouse=True)
def as_before():
    """Leave the loggers as they were."""
    own = logging.getLogger(json_log.NAME)
    before = list(own.handlers)
    yield
    own.handlers[:] = before
