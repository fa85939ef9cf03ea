"""Each of the eighteen platforms connects, syncs, expires, is throttled and recovers, at a peer with its shapes."""

import pytest

from tests.calls import Calls
from tests.integration.integrations.conftest import Platforms
from tests.platform_shapes import CLICKS, DAYS, IMPRESSIONS, PEOPLE, SHAPES, SPEND, Shape


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_a_platform_connects_syncs_expires_is_throttled_is_killed_and_recovers(
    platforms: Platforms, shape: Shape, calls: Calls, advance
) -> None:
    name = shape.name
    with platforms.serving(name) as peer:
        peer.token, peer.renewable = "another", False
        refused = platforms.connect(peer)
        assert (refused.status, refused.code) == (400, "CREDENTIALS_REJECTED")
        assert shape.words.lower() in refused.json["error"]["message"].lower() or shape.token_path
        assert name not in [
            integration["platform"]
            for integration in platforms.admin.get("/integrations").data
            if integration["status"] == "connected"
        ]

        peer.token, peer.renewable = "token-1", True
        connected = platforms.connect(peer)
        assert connected.status == 201, connected.body
        assert "token" not in str(connected.data).replace(connected.data["webhook_url"] or "", "")

        peer.throttle_after, peer.throttles = 1, 1
        if shape.token_path:
            peer.expire_after = 1
        assert platforms.run_killed(calls, advance) >= 1
        _check_status(platforms, shape)
        assert not shape.token_path or peer.renewals >= 1

        peer.token, peer.renewable = "revoked", False
        assert platforms.admin.post(f"/integrations/{name}/sync").status == 202
        platforms.run()
        status = platforms.status(name)
        assert (status["status"], status["last_error"]["kind"]) == ("needs_reauth", "config_error")
        assert shape.words.lower() in status["last_error"]["message"].lower()
        assert platforms.admin.post(f"/integrations/{name}/sync").code == "NEEDS_REAUTH"

        peer.token = "token-1"
        assert platforms.connect(peer).status == 201
        platforms.run()
        _check_status(platforms, shape)


def _check_status(platforms: Platforms, shape: Shape) -> None:
    status = platforms.status(shape.name)
    assert (status["status"], status["last_error"]) == ("connected", None)
    (first, *_) = status["streams"]
    assert (first["name"], first["rows"], first["quarantined"]) == (shape.stream, 5, 0)
    _check_rows(platforms, shape)


def _check_rows(platforms: Platforms, shape: Shape) -> None:
    answer = platforms.data(shape.name)
    if not shape.ads:
        assert len(answer.data) == 5
        if shape.name != "ga4":
            assert sorted(row["fields"].get("email") for row in answer.data) == [person["email"] for person in PEOPLE]
        return
    totals = answer.json["meta"]["totals"]
    assert (totals["clicks"], totals["impressions"], totals["spend"]) == (CLICKS, IMPRESSIONS, SPEND)
    assert totals["currency"] == "USD"
    assert sorted((row["date"], row["campaign_id"], row["clicks"]) for row in answer.data) == sorted(DAYS)
    for metric in ("landing_page_views", "conversions", "revenue"):
        assert {row[metric] is None for row in answer.data} == {metric in shape.lacks}
