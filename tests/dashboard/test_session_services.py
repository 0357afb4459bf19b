"""The operator's accounts: used only when enabled, queried rarely, answers shared by all."""

import pytest

from dashboard.runtime.ledger import SERVER, Ledger
from dashboard.session import services
from dashboard.session.services import ENABLED, FAULT_SECONDS, KEPT, KEPT_SECONDS, PER_HOUR, Desk
from geodata.errors import GeodataError


class Service:
    """A service that counts its questions."""

    def __init__(self, desk):
        self.desk, self.asked, self.fault = desk, 0, None

    def __call__(self, about="a"):
        def question():
            self.asked += 1
            if self.fault:
                raise GeodataError(self.fault, service="ACLED")
            return f"answer {self.asked}"

        return self.desk.ask("ACLED", about, question)


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def service(now):
    return Service(Desk(ledger=Ledger(), clock=lambda: now[0]))


def test_the_accounts_are_lent_only_where_the_operator_says_so(monkeypatch):
    monkeypatch.delenv(ENABLED, raising=False)
    assert not services.enabled()
    for word, lent in (("on", True), ("ON ", True), ("off", False), ("1", False)):
        monkeypatch.setenv(ENABLED, word)
        assert services.enabled() == lent


def test_one_answer_serves_all_visitors_until_it_is_old(service, now):
    assert [service() for _ in range(5)] == ["answer 1"] * 5
    assert service.desk.ledger.held(SERVER) > 0
    now[0] = KEPT_SECONDS + 1
    assert service() == "answer 2"


def test_a_refusal_is_not_provoked_again_whatever_is_asked(service, now):
    service.fault = "connect.denied"
    for about in "abc":
        with pytest.raises(GeodataError) as caught:
            service(about)
        assert caught.value.key == "connect.denied"
    assert service.asked == 1
    service.fault, now[0] = None, FAULT_SECONDS + 1
    assert service() == "answer 2"


def test_visitors_together_ask_only_so_often(service, now):
    for number in range(PER_HOUR):
        service(number)
    for number in range(PER_HOUR):
        with pytest.raises(GeodataError) as caught:
            service(f"further {number}")
        assert caught.value.key == "connect.often"
    assert service.asked == PER_HOUR
    now[0] = 3601.0
    service("later")
    assert service.asked == PER_HOUR + 1


def test_no_more_answers_are_kept_than_may_be(service):
    for number in range(PER_HOUR):
        service(number)
    assert len(service.desk._answers) == KEPT


def test_one_question_at_a_time(service):
    def meanwhile():
        with pytest.raises(GeodataError) as caught:
            service("other")
        assert caught.value.key == "connect.often"
        return "done"

    assert service.desk.ask("ACLED", "slow", meanwhile) == "done"
