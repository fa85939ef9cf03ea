"""What the service relies on, held against the fake and the real ledger."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from groundswell.mailer.model import MailState
from groundswell.mailer.service import MailLedger
from groundswell.mailer.store import DynamoMailLedger
from tests.clock import START
from tests.fakes.mail import FakeMailLedger

LEASE = timedelta(seconds=60)
LATER = START + LEASE


@pytest.fixture(params=["fake", "dynamodb"])
def ledger(request) -> MailLedger:
    if request.param == "fake":
        return FakeMailLedger()
    request.getfixturevalue("moto")
    return DynamoMailLedger()


@pytest.fixture
def mail() -> str:
    return str(uuid4())


def test_the_first_claim_is_ours_and_the_next_one_is_not(ledger, mail) -> None:
    assert ledger.claim(mail, "a", START, LEASE) is None
    assert ledger.claim(mail, "b", START, LEASE) is MailState.CLAIMED


def test_a_claim_that_was_ours_already_is_ours(ledger, mail) -> None:
    ledger.claim(mail, "a", START, LEASE)

    assert ledger.claim(mail, "a", START, LEASE) is None


def test_a_sent_mail_stays_sent(ledger, mail) -> None:
    ledger.claim(mail, "a", START, LEASE)
    ledger.sent(mail, "a")

    assert ledger.claim(mail, "b", LATER + timedelta(days=1), LEASE) is MailState.SENT


def test_a_claim_that_ran_out_is_unknown(ledger, mail) -> None:
    ledger.claim(mail, "a", START, LEASE)

    assert ledger.claim(mail, "b", LATER - timedelta(seconds=1), LEASE) is MailState.CLAIMED
    assert ledger.claim(mail, "b", LATER, LEASE) is MailState.UNKNOWN
    assert ledger.claim(mail, "c", LATER, LEASE) is MailState.UNKNOWN


def test_an_unknown_mail_is_taken_over_once(ledger, mail) -> None:
    ledger.claim(mail, "a", START, LEASE)
    ledger.claim(mail, "b", LATER, LEASE)

    assert ledger.reclaim(mail, "b", LATER, LEASE)
    assert not ledger.reclaim(mail, "c", LATER, LEASE)
    assert ledger.claim(mail, "c", LATER, LEASE) is MailState.CLAIMED


def test_who_lost_the_claim_says_nothing_about_the_mail(ledger, mail) -> None:
    ledger.claim(mail, "a", START, LEASE)
    ledger.claim(mail, "b", LATER, LEASE)
    ledger.reclaim(mail, "b", LATER, LEASE)

    ledger.sent(mail, "a")
    ledger.release(mail, "a")

    assert ledger.claim(mail, "c", LATER, LEASE) is MailState.CLAIMED


def test_a_released_mail_can_be_claimed_again(ledger, mail) -> None:
    ledger.claim(mail, "a", START, LEASE)
    ledger.release(mail, "a")

    assert ledger.claim(mail, "b", START, LEASE) is None


@pytest.mark.emulator
def test_of_twenty_claims_at_once_one_is_ours(emulator, mail) -> None:
    ledger = DynamoMailLedger()

    with ThreadPoolExecutor(20) as pool:
        states = list(pool.map(lambda number: ledger.claim(mail, str(number), START, LEASE), range(20)))

    assert states.count(None) == 1
    assert states.count(MailState.CLAIMED) == 19
