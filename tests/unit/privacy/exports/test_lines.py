import json

import msgspec
import pytest

from groundswell.events.eventlog.model import Event
from groundswell.events.rejections.mentions import named_in
from groundswell.kernel.clock import spelled
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.privacy.exports.lines import event_line
from groundswell.privacy.exports.profile import Summary

USER, VISITOR, WALLET = IdKind.USER, IdKind.ANONYMOUS, IdKind.WALLET


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ('{"userId":"ada","anonymousId":"d-1"}', {(USER, "ada"), (VISITOR, "d-1")}),
        ('{"user_id": 42}', {(USER, "42")}),
        ('{"properties":{"$anon_distinct_id":"d-1"}}', {(VISITOR, "d-1")}),
        ('{"distinct_id":"ada"}', {(USER, "ada"), (VISITOR, "ada")}),
        ('{"walletAddress":"0xABcd"}', {(WALLET, "0xabcd")}),
        (r'{"userId":"a\"d\u0061"}', {(USER, 'a"da')}),
        ('{"userId":"ada","properties":{"cut of', {(USER, "ada")}),
        ('{"name":"ada","event":"userId","user":{"ada":"ada"}}', set()),
        ("not json", set()),
    ],
)
def test_whom_a_rejected_event_names(event, named):
    assert set(named_in(event)) == {Identifier(kind, value) for kind, value in named}


def test_an_event_is_told_in_full_and_as_it_was_written():
    event = Event(id="1", kind="track", name="e", ts=1_000, value="1.10", currency="EUR", properties=b'{"n":1e400}')

    line = event_line(event, 2_000)

    assert b'"properties":{"n":1e400}' in line
    record = json.loads(line)
    assert (record["ts"], record["received_at"]) == ("1970-01-01T00:00:01.000Z", "1970-01-01T00:00:02.000Z")
    assert (record["value"], record["currency"], record["client_ts"]) == ("1.10", "EUR", None)
    assert "traits" not in record


def test_a_second_report_of_a_fact_is_told_as_one_and_counts_in_no_profile():
    first = Event(id="sdk", kind="web3", name="tx", ts=1_000, anonymous_id="v", fact="f", web3=b'{"address":"0xab"}')
    second = Event(id="backend", kind="web3", name="tx", ts=2_000, user_id="u", fact="f", web3=b'{"address":"0xab"}')
    summary = Summary()
    summary.add(event_line(first, 3_000))
    summary.add(line := event_line(second, 3_000, merged=True))

    assert msgspec.json.decode(line)["merged"] is True
    shown = summary.shown([])
    assert (shown["user_ids"], shown["anonymous_ids"], shown["events"], shown["names"]) == (["u"], ["v"], 1, {"tx": 1})
    assert (shown["first_seen"], shown["last_seen"], shown["wallets"][0]["events"]) == (*[spelled(1_000)] * 2, 1)
