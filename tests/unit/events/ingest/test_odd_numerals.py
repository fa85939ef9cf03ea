"""What stands where a number belongs and is none costs no batch: an SDK would send it again for ever."""

import pytest

from tests.fakes.ingest import BASIC, KEY

ODD = [
    *("\u00b2", "\u2460", "\u0663" * 3, "\uff11", "1" * 5_000, "-" + "1" * 5_000, "1e5000000", "0x" + "f" * 5_000),
    *("1_000", "+1", "--1", ".", "1.", "-", "NaN", "Infinity", "1,5", "0b1", "\u0bf0", "\u58f1"),
]
NUMBERS = (
    *("value", "gas", "gas_price", "chain_id", "chainId", "block_number", "nonce", "decimals", "token_id", "amount"),
    *("revenue", "total", "price", "quantity", "tax", "shipping", "discount", "duration", "offset", "$session_id"),
    *("timestamp", "$timestamp", "time", "screen_width", "status", "tx_hash", "transaction_hash", "address"),
)


def _properties(text):
    """Long ones not everywhere: an event has 32 KB at most."""
    named = NUMBERS if len(text) < 100 else ("value", "chain_id", "revenue", "timestamp")
    return dict.fromkeys(named, text) | {"products": [{"price": text[:100], "quantity": text[:100]}]}


BATCHES = {
    "/v1/batch": lambda text, inner: {
        "batch": [{"type": "track", "event": "TX", "userId": "u", "timestamp": text, "properties": inner}],
        "sentAt": text,
    },
    "/batch": lambda text, inner: {
        "api_key": KEY,
        "batch": [{"event": "TX", "distinct_id": "u", "timestamp": text, "offset": text, "properties": inner}],
        "sent_at": text,
    },
    "/sdk/event": lambda text, inner: {"type": "TX", "event": "TX", "timestamp": text, "properties": inner},
    "/events": lambda text, inner: [{"type": "TX", "event": "TX", "timestamp": text, "properties": inner}],
    "/v0/raw_events": lambda text, inner: [{"type": "transaction", "timestamp": text, "properties": inner}],
}


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("path", BATCHES)
def test_an_event_with_it_is_taken(api, path, text):
    reply = api.post(path, BATCHES[path](text, _properties(text)), BASIC)

    assert reply.status in (200, 202), reply.body
    answer = reply.json.get("data", reply.json)
    assert (answer["accepted"], answer["rejected"]) == (1, [])
