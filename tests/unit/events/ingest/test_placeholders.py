"""Ids that are nobody's, in every protocol and place: the event is kept, names nobody, and its sender is warned."""

import json

import pytest

from groundswell.events.ingest.placeholders import is_placeholder, is_unowned
from tests.fakes.ingest import BASIC, KEY, START, track

POSTHOG = (
    *("anonymous", "guest", "distinctid", "distinct_id", "id", "not_authenticated", "email", "undefined", "true"),
    *("false", "[object Object]", "NaN", "None", "none", "null", "0", "uNdEfInEd", "GUEST", " \t\n", ""),
)
"""Its list of distinct ids that join nobody, `isDistinctIdIllegal`."""
SEGMENT = ("0000-0000", "---", "-1", "null", "anonymous", "00000000-0000-0000-0000-000000000000")
"""Unify's default blocked values."""
OTHERS = (
    *("(not set)", "<null>", "nil", "NULL", "nan", "[object Promise]", "{{ user.id }}", "${userId}", "<%= id %>"),
    *("ffffffff-ffff-ffff-ffff-ffffffffffff", "0.0", "0x0", "\u200bundefined\ufeff", '\\"null\\"', "%%user_id%%"),
    *("na", "lmy47d", "AnonymousUser", "anonymousUser", "Guest User", "unknown_user", "no-user", "null user"),
    *("undefined undefined", "null,NULL", "undefined:undefined", "none-none-none", "nan_nan"),
)
NOBODYS = [*POSTHOG, *SEGMENT, *OTHERS]
SOMEBODYS = [
    *(
        "1",
        "10",
        "00010",
        "-12",
        "u0",
        "0x1",
        "nullable",
        "Anonymous Coward",
        "guest-17",
        "none@example.com",
        "identity",
    ),
    *("0192f0c1-0000-7000-8000-000000000001", "ada", "d", "x", "null-7f3a", "00000000-0000-0000-0000-000000000001"),
    *("Юлия", "李", "a" * 500, "[object Object] 7", "undefined_1", "trueman", "true.north", "nancy", "emails"),
    *("na-7", "Guest Userly", "AnonymousUser7", "superuser", "no-users", "nora user"),
    *("null ada", "undefinedundefined", "id-guest-7", "none of us"),
]


@pytest.mark.parametrize("text", [*NOBODYS, *(f'"{text}"' for text in POSTHOG), *(f"'{text}'" for text in POSTHOG)])
def test_a_placeholder_is_nobodys_id_whatever_is_around_it(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", SOMEBODYS)
def test_an_id_that_only_looks_like_one_is_somebodys(text):
    assert not is_placeholder(text)


def said(api, path, event, headers=None):
    """The warnings and the event, which has to be taken."""
    reply = api.post(path, event, headers).json
    reply = reply.get("data", reply)
    assert (reply["accepted"], reply["rejected"]) == (1, [])
    return [warning["code"] for warning in reply.get("warnings", [])], api.writer.events[0]


SENT = [text for text in NOBODYS if text]


@pytest.mark.parametrize("text", SENT)
@pytest.mark.parametrize("path", ["/v1/track", "/sdk/event", "/events", "/v0/raw_events"])
def test_of_a_user_or_visitor_it_names_nobody(api, path, text):
    snake = path == "/v0/raw_events"
    user, visitor = ("user_id", "anonymous_id") if snake else ("userId", "anonymousId")
    warned, stored_event = said(api, path, {"type": "track", "event": "e", user: text, visitor: text})

    assert (stored_event.user_id, stored_event.anonymous_id, stored_event.name) == (None, None, "e")
    assert warned == ["placeholder_id"] * 2


@pytest.mark.parametrize("text", NOBODYS)
def test_nor_as_posthogs_distinct_id(api, text):
    warned, stored_event = said(api, "/e/", {"event": "e", "distinct_id": text, "properties": {"token": KEY}}, {})

    assert (stored_event.user_id, stored_event.anonymous_id) == (None, None)
    assert warned == ["placeholder_id"]


@pytest.mark.parametrize("text", SENT)
def test_nor_as_what_somebody_was_known_by_before(api, text):
    properties = {"token": KEY, "$anon_distinct_id": text}
    warned, identified = said(api, "/e/", {"event": "$identify", "distinct_id": "u", "properties": properties}, {})
    assert (identified.user_id, identified.anonymous_id, identified.extra) == ("u", None, b"")
    assert set(warned) == {"placeholder_id"}

    batch = {"batch": [{"type": "alias", "userId": "u", "previousId": text}]}
    reply = api.post("/v1/batch", batch, BASIC).json
    assert [warning["code"] for warning in reply["warnings"]] == ["placeholder_id"]
    assert (api.writer.events[1].user_id, api.writer.events[1].extra) == ("u", b"")


def test_numbers_are_ids_too(api):
    warned, stored_event = said(api, "/v1/track", track(userId=0, anonymousId=17))

    assert (stored_event.user_id, stored_event.anonymous_id, warned) == (None, "17", ["placeholder_id"])


@pytest.mark.parametrize(("text", "kept"), [("undefined", None), ("null", None), ("0", "0"), ("17", "17")])
def test_a_session_and_an_events_id_may_be_the_number_0(api, text, kept):
    _, stored_event = said(api, "/sdk/event", {"event": "e", "sessionId": text, "id": text})

    assert (stored_event.session_id, stored_event.id if kept else None) == (kept, kept)


def test_two_events_whose_id_is_a_placeholder_are_two(api):
    api.post("/v1/batch", {"batch": [track(messageId="undefined"), track(messageId="undefined")]}, BASIC)

    first, second = api.writer.events
    assert first.id != second.id


ZERO = "0x" + "0" * 40
UNOWNED = [
    ZERO,
    ZERO.upper().replace("X", "x"),
    "0x" + "0" * 36 + "dEaD",
    "0xdEAD000000000000000042069420694206942069",
    "0x" + "0" * 39 + "1",
    "0x" + "Ee" * 20,
    "1" * 32,
    "0x0",
    "undefined",
]
BROKEN = ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "0xZZ", "0x"]


@pytest.mark.parametrize("chain", ["1", None])
@pytest.mark.parametrize("address", [*UNOWNED, *BROKEN])
def test_a_wallet_without_an_owner_names_nobody(api, address, chain):
    place = {"chain_id": chain} if chain else {}
    warned, stored_event = said(api, "/sdk/event", {"event": "e", "wallet_address": address} | place)

    about = json.loads(stored_event.web3)
    assert "address" not in about
    assert "account" not in about
    assert about["address_raw"] == address
    assert warned == ["wallet_unowned"]


OWNED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
SUI = "0x" + "0b" * 32
SOLANA = "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"


@pytest.mark.parametrize(
    ("address", "chain"), [(OWNED, "1"), (OWNED, "solana"), (SOLANA, "solana"), (SOLANA, "1"), (SUI, "")]
)
def test_a_wallet_that_may_be_somebodys_on_some_chain_is_kept(api, address, chain):
    warned, stored_event = said(api, "/sdk/event", {"event": "e", "wallet_address": address, "chain_id": chain})

    assert json.loads(stored_event.web3)["address"].lower() == address.lower()
    assert warned == []
    assert not is_unowned(address)


TIMES = ["yesterday", "1969-12-31T23:59:59Z", "2026-02-30T00:00:00Z", -5, True, {"at": 1}, ["2026-01-01"], "9" * 40]


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("name", ["timestamp", "originalTimestamp", "sentAt"])
@pytest.mark.parametrize("path", ["/v1/track", "/sdk/event", "/events", "/v0/raw_events"])
def test_a_time_that_cannot_be_read_costs_no_event_on_any_route(api, path, name, time):
    spelled = {"originalTimestamp": "original_timestamp", "sentAt": "sent_at"} if path == "/v0/raw_events" else {}
    event = {"type": "track", "event": "e", "userId": "u", "user_id": "u", spelled.get(name, name): time}
    if path != "/v0/raw_events":
        del event["user_id"]
    warned, stored_event = said(api, path, event)

    assert (stored_event.ts, stored_event.ts_quality, stored_event.client_ts) == (START, "received", None)
    assert warned == ["invalid_timestamp"]


@pytest.mark.parametrize("time", TIMES)
def test_nor_on_posthogs(api, time):
    event = {"event": "e", "distinct_id": "u", "timestamp": time, "properties": {"token": KEY}}
    warned, stored_event = said(api, "/e/", event, {})

    assert (stored_event.ts_quality, warned) == ("received", ["invalid_timestamp"])


def test_of_two_times_the_one_that_can_be_read_counts(api):
    event = track(originalTimestamp="yesterday", timestamp="2026-03-01T11:00:00Z")
    warned, stored_event = said(api, "/v1/track", event)

    assert (stored_event.ts_quality, warned) == ("client", [])
