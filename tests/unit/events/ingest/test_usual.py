"""Messages as SDKs spell them are read in one pass. What comes out is what reading member by member gives."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.events.ingest import segment
from groundswell.events.ingest.body import envelope
from groundswell.events.ingest.events import Delivery, tells
from groundswell.events.ingest.segment import SegmentReader
from groundswell.events.ingest.verdict import Unacceptable
from groundswell.events.ingest.visitor import Visitor

RECEIVED = 1_772_366_400_000
MOMENTS = st.sampled_from(["2026-03-01T11:59:00Z", "2026-03-01T11:59:00.123456+01:00", "", "soon", 1_772_366_000, None])
TEXTS = st.one_of(st.sampled_from(["ada", "", "é\n", "x" * 513, "0xAb", "track", "identify", "page"]), st.none())
ODD = st.sampled_from([7, 1.5, True, [], {}, {"a": {"b": [1]}}, "text", None])
LOOKED_FOR = [
    *("wallet_address", "walletAddress", "Chain_Id", "chainId", "transactionHash", "transaction_hash", "txHash"),
    *("txn_hash", "revenue", "$revenue", "total", "value", "ip", "$ip", "ip_address", "ipAddress", "userAgent"),
    *("user_agent", "page", "page_url", "url", "search", "referrer", "utm_source", "sessionId", "session_id"),
    "$session_id",
]
ARRIVED = "https://shop.example/?utm_source=mail"
OBJECTS = st.one_of(
    st.dictionaries(st.sampled_from(["plan", *LOOKED_FOR, "currency", "traits"]), st.one_of(ODD, st.just(ARRIVED))), ODD
)
NAMES = ["type", "event", "name", "messageId", "message_id", "userId", "user_id", "anonymousId", "sessionId", "groupId"]
MEMBERS = (
    {name: st.one_of(TEXTS, ODD) for name in NAMES}
    | dict.fromkeys(("timestamp", "originalTimestamp", "sentAt"), MOMENTS)
    | dict.fromkeys(("properties", "traits", "context", "integrations"), OBJECTS)
    | dict.fromkeys(("channel", "version", "walletAddress", "unheard_of"), ODD)
)


class Refusing:
    """Finds no message usual."""

    def decode(self, _raw):
        raise msgspec.ValidationError


def read(messages):
    context, items = envelope(json.dumps({"batch": messages, "integrations": {"All": True}}).encode())
    somebody = Visitor("203.0.113.0", "Mozilla/5.0")
    delivery = Delivery("client", RECEIVED, "segment", lambda: "made", sent_at=RECEIVED, visitor=somebody)
    reader = SegmentReader(delivery, context)
    return [verdict(reader, raw, index) for index, raw in enumerate(items)]


def verdict(reader, raw, index):
    try:
        return reader.read(raw, index)
    except Unacceptable as reason:
        return reason.code, str(reason)


@given(st.lists(st.fixed_dictionaries({}, optional=MEMBERS), min_size=1, max_size=5))
def test_a_usual_message_is_read_as_any_other(messages):
    at_once, usual = read(messages), segment._usual
    segment._usual = Refusing()
    try:
        assert at_once == read(messages)
    finally:
        segment._usual = usual


def test_what_sdks_send_is_usual():
    python = {"type": "track", "event": "e", "messageId": "1", "userId": "u", "anonymousId": None, "timestamp": "t"}
    node = python | {"_metadata": {"nodeVersion": "22"}}
    rudder = python | {"channel": "server", "originalTimestamp": "t", "sentAt": "t"}
    both = {"properties": {"a": 1}, "traits": {}, "context": {}, "integrations": {}}

    for message in (python, node, rudder):
        assert segment._usual.decode(json.dumps(message | both).encode()).user_id == "u"


@pytest.mark.parametrize("name", LOOKED_FOR)
def test_no_name_that_somebody_looks_for_is_overlooked(name):
    assert tells(json.dumps({"plan": "pro", name: 1}).encode())
    assert not tells(b'{"plan": "pro", "search terms": "url"}')
