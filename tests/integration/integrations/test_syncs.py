"""Syncs: one at a time, resumable wherever they die, on schedule, and honest about what could not be taken."""

import json
from datetime import UTC, datetime

import pytest

from groundswell.integrations import windows
from tests.calls import Calls, Crash
from tests.integration.integrations.conftest import Platforms
from tests.platform_shapes import CLICKS, DAYS, SPEND


@pytest.mark.parametrize(("at_once", "steps"), [(windows.RECORDS_AT_ONCE, range(6, 40)), (1, range(6, 70, 3))])
def test_a_sync_killed_at_any_call_goes_on_to_the_same_rows(
    platforms: Platforms, calls: Calls, advance, monkeypatch, at_once: int, steps: range
) -> None:
    """Page by page, and twice at once: whoever comes second finds it taken. Also while windows are halved."""
    monkeypatch.setattr(windows, "RECORDS_AT_ONCE", at_once)
    with platforms.serving("meta_ads") as peer:
        assert platforms.connect(peer).status == 201
        (body,) = platforms.outbox()
        died = 0
        for step in steps:
            platforms.backend.configure()
            try:
                with calls.crashing(step, after=bool(step % 2)):
                    platforms.work(body)
                break
            except Crash:
                died += 1
                platforms.work(body)  # at once: it is another's for 90 s more, unless nobody had it yet
                advance(seconds=95)
        assert died >= 3
        platforms.run()

    totals = platforms.data("meta_ads").json["meta"]["totals"]
    assert (totals["rows"], totals["clicks"], totals["spend"]) == (5, CLICKS, SPEND)
    (sync,) = platforms.admin.get("/integrations/meta_ads/syncs").data
    assert (sync["status"], sync["progress"]) == ("succeeded", 1.0)
    assert sync["streams"][0]["read"] == 5


def test_a_second_sync_is_refused_and_a_cancelled_one_reads_no_further(platforms: Platforms) -> None:
    with platforms.serving("meta_ads") as peer:
        sync_id = platforms.connect(peer).data["sync_id"]
        refused = platforms.admin.post("/integrations/meta_ads/sync")
        assert (refused.status, refused.code) == (409, "SYNC_RUNNING")
        assert refused.json["error"]["details"]["sync_id"] == sync_id

        assert platforms.admin.post(f"/integrations/meta_ads/syncs/{sync_id}/cancel").data["status"] == "cancelled"
        platforms.run()
        assert platforms.data("meta_ads").data == []
        assert platforms.admin.post("/integrations/meta_ads/sync", {"streams": ["nope"]}).status == 400
        assert platforms.admin.post("/integrations/meta_ads/sync", {"from": "2026-11-02"}).status == 202
        platforms.run()
    assert {row["date"] for row in platforms.data("meta_ads").data} == {"2026-11-02", "2026-11-03"}


def test_a_timer_begins_a_sync_once_for_its_due_time(platforms: Platforms, advance) -> None:
    with platforms.serving("meta_ads") as peer:
        platforms.connect(peer, settings={"every": "15m"})
        platforms.run()
        due = platforms.status("meta_ads")["next_sync_at"]
        firing = {"tenant": platforms.admin.client_id, "kind": "integration.sync", "key": "meta_ads", "due": due}
        body = json.dumps({**firing, "late_seconds": 0, "missed": False, "payload": {}})
        advance(minutes=16)
        for _ in range(3):
            assert platforms.work(body) == []
        platforms.run()
        assert platforms.work(body) == []
        platforms.run()

    items = [item for item in platforms.backend.items("core") if item["kind"]["S"] == "sync"]
    mine = [item for item in items if item["client_id"]["S"] == platforms.admin.client_id]
    assert sorted(item["trigger"]["S"] for item in mine) == ["connect", "schedule"]


def test_restated_days_are_written_over_and_what_is_gone_goes(platforms: Platforms) -> None:
    with platforms.serving("meta_ads") as peer:
        platforms.connect(peer)
        platforms.run()
        peer.rows = [("2026-11-01", "1", 11), *DAYS[2:]]
        platforms.admin.post("/integrations/meta_ads/sync", {"from": "2026-10-20"})
        platforms.run()

    rows = platforms.data("meta_ads").data
    assert [(row["date"], row["campaign_id"], row["clicks"]) for row in rows][:2] == [
        ("2026-11-01", "1", 11),
        ("2026-11-02", "1", 30),
    ]
    assert len(rows) == 4
    (sync, _) = platforms.admin.get("/integrations/meta_ads/syncs").data
    assert sync["streams"] == [{"name": "ads_insights", "read": 4, "written": 1, "quarantined": 0}]


def test_pages_in_a_circle_end_the_sync_visibly(platforms: Platforms) -> None:
    with platforms.serving("meta_ads", circle=True) as peer:
        platforms.connect(peer)
        platforms.run()
    error = platforms.status("meta_ads")["last_error"]
    assert (error["kind"], "no end" in error["message"]) == ("system_error", True)


def test_one_bad_record_is_put_aside_and_taken_later(platforms: Platforms, monkeypatch) -> None:
    bad = {"id": "", "email": "x@people.example", "at": "2026-11-01T10:00:00Z"}
    late = {"id": "9", "email": "p9@people.example", "at": "yesterday"}
    with platforms.serving("klaviyo") as peer:
        peer.rows = [bad, late, *peer.rows]
        platforms.connect(peer)
        platforms.run()

    stream = platforms.status("klaviyo")["streams"][0]
    assert (stream["rows"], stream["quarantined"]) == (5, 2)
    aside = platforms.admin.get("/integrations/klaviyo/quarantine").data
    assert sorted(record["reason"] for record in aside) == ["id is missing", "not a time: 'yesterday'"]
    outcome = platforms.admin.post("/integrations/klaviyo/quarantine/replay").data
    assert outcome == {"replayed": 0, "left": 2}

    from groundswell.integrations import records

    monkeypatch.setattr(records, "moment", lambda value: datetime(2026, 11, 1, tzinfo=UTC))
    assert platforms.admin.post("/integrations/klaviyo/quarantine/replay").data == {"replayed": 1, "left": 1}
    assert "p9@people.example" in str(platforms.data("klaviyo").data)


def test_fields_that_a_platform_adds_flow_and_those_that_it_breaks_are_put_aside_alone(platforms: Platforms) -> None:
    with platforms.serving("klaviyo") as peer:
        added = {"loyalty_tier": "gold", "nested": {"more": [1, 2]}}
        first, *others = [row | added for row in peer.rows]
        peer.rows = [first | {"at": {"seconds": 5}}, *others]
        platforms.connect(peer)
        platforms.run()

    stream = platforms.status("klaviyo")["streams"][0]
    assert (stream["rows"], stream["quarantined"]) == (4, 1)
    (aside,) = platforms.admin.get("/integrations/klaviyo/quarantine").data
    assert aside["reason"].startswith("not a time")
    raws = [str(record["raw"]) for record in platforms.data("klaviyo").data]
    assert all("loyalty_tier" in raw and "nested" in raw for raw in raws)


def test_who_connected_a_platform_is_told_once_that_its_credentials_ceased_to_work(platforms: Platforms) -> None:
    with platforms.serving("stripe") as peer:
        platforms.connect(peer)
        platforms.run()
        peer.token = "revoked"
        for _ in range(2):
            platforms.admin.post("/integrations/stripe/sync")
            platforms.run()

    told = [json.loads(body) for body in platforms.outbox("notifications")]
    reauth = [message for message in told if message["kind"] == "integration.needs_reauth"]
    assert [(message["user_ids"], message["object_id"]) for message in reauth] == [([platforms.admin.id], "stripe")]
    events = [json.loads(body) for body in platforms.outbox("webhook_events")]
    types = [event.get("type") for event in events]
    assert types.count("integration.needs_reauth") == 1


def test_contacts_become_leads_and_payments_events_once(platforms: Platforms) -> None:
    with platforms.serving("hubspot") as peer:
        platforms.connect(peer)
        platforms.run()
        platforms.admin.post("/integrations/hubspot/sync", {"full_refresh": True})
        platforms.run()
    leads = platforms.admin.get("/leads").data
    assert sorted(lead["email"] for lead in leads) == [f"p{n}@people.example" for n in range(1, 6)]
    assert {lead["source"] for lead in leads} == {"hubspot"}

    with platforms.serving("stripe") as peer:
        platforms.connect(peer)
        platforms.run()
    fields = {row["id"]: row["fields"] for row in platforms.data("stripe").data}
    amounts = {name: (charge["amount"], charge["currency"]) for name, charge in fields.items()}
    assert (amounts["ch_1"], amounts["ch_5"]) == (("10.00", "USD"), ("5000", "JPY"))
    blocks = [item for item in platforms.backend.items("events") if platforms.admin.client_id in item["pk"]["S"]]
    assert sum("sk" in block and block["sk"]["S"].startswith("B#") for block in blocks) >= 1


def test_disconnecting_deletes_the_credentials_and_the_data_where_it_is_asked_to(platforms: Platforms) -> None:
    with platforms.serving("meta_ads") as peer:
        platforms.connect(peer)
        platforms.run()
        assert platforms.admin.delete("/integrations/meta_ads").status == 200
        assert ("DELETE", "/v26.0/me/permissions") in [(call.method, call.path) for call in peer.calls]
        assert platforms.status("meta_ads")["status"] == "disconnected"
        assert len(platforms.data("meta_ads").data) == 5
        keys = f"INTEGRATIONS#{platforms.admin.client_id}", "meta_ads#KEYS"
        assert platforms.backend.item("core", *keys) is None
        assert platforms.admin.delete("/integrations/meta_ads").code == "NOT_CONNECTED"

        platforms.connect(peer)
        platforms.run()
        assert platforms.admin.delete("/integrations/meta_ads?purge=true").status == 200
        platforms.run()
        assert platforms.data("meta_ads").data == []


def test_a_stream_that_the_key_does_not_reach_costs_no_other(platforms: Platforms) -> None:
    with platforms.serving("stripe") as peer:
        refusal = {"error": {"message": "The provided key does not have the required permissions"}}
        peer.refused = {"/v1/invoices": (403, refusal)}
        platforms.connect(peer)
        platforms.run()

    status = platforms.status("stripe")
    assert (status["status"], status["last_error"]["kind"]) == ("error", "config_error")
    assert status["last_error"]["message"].startswith("invoices: The provided key")
    assert {stream["name"]: stream["cursor"] is None for stream in status["streams"]} == {
        "charges": False,
        "customers": False,
        "invoices": True,
        "subscriptions": False,
    }
    assert len(platforms.data("stripe").data) == 5
