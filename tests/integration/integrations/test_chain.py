"""From an ad account's numbers to somebody's work list; `tests.benchmarks.ads` does it with a file of real ones."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from groundswell.events.eventlog.model import METRICS
from tests.integration.alerts.conftest import Worker
from tests.integration.analytics.tenant import Tenant
from tests.integration.integrations.conftest import Platforms
from tests.meta_peer import MetaPeer
from tests.receiver import receiver

ROWS = [
    ("916", "7350", "1", "1.429999948", "1"),
    ("916", "17861", "2", "3.820000023", "0"),
    ("936", "693", "4", "2.50", "0"),
    ("1178", "4259", "1", "1.25", "0"),
    ("1178", "9000", "0", "0", "0"),
    ("1200", "800", "0", "0", "0"),
]
COLUMNS = ("fb_campaign_id", "Impressions", "Clicks", "Spent", "Approved_Conversion")
DEAR = {"916", "1178"}
"""Campaigns whose clicks cost more than 1.2; of 1200 nobody knows, for it has no click."""
CONDITION = {"operator": "gt", "threshold": 1.2, "window": "7d", "dimension": "campaign_id"}


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


def test_a_dear_campaign_is_one_task_and_stands_in_one_mail_and_doing_it_all_again_changes_nothing(
    platforms: Platforms,
) -> None:
    ada, worker = platforms.admin, Worker(platforms.backend, set())
    peer = MetaPeer([dict(zip(COLUMNS, row, strict=True)) for row in ROWS], yesterday())
    with receiver(peer) as meta:
        platforms.backend.configure(META_ADS_URL=meta.url)
        assert ada.post("/integrations/facebook", {"credentials": {"access_token": "good"}}).status == 201
        _drain(platforms)
        totals = platforms.data("meta_ads").json["meta"]["totals"]
        spend = sum(Decimal(row[3]) for row in ROWS)
        assert (totals["impressions"], totals["clicks"]) == (39_963, 8)
        assert totals["spend"] == f"{spend:.2f}"
        assert _measured(platforms) == {"ads.impressions": 39_963, "ads.clicks": 8, "ads.spend.USD": float(spend)}

        body = {
            "name": "Clicks are dear",
            "alert_type": "cpc",
            "data_source": "facebook",
            "condition_config": CONDITION,
            "action_config": {"create_task": {}, "emails": ["ada@lovelace.example"]},
        }
        alert = ada.post("/alerts", body).data
        worker.fire("alert.evaluate", ada.client_id, times=2)
        worker.run()
        picture = _picture(platforms, worker)
        assert {instance["dimensions"]["campaign_id"] for instance in picture["instances"]} == DEAR
        assert sorted(picture["tasks"].values()) == sorted(instance["id"] for instance in picture["instances"])
        (mail,) = picture["mails"]
        assert all(mail.count(f"campaign_id {campaign})") == 1 for campaign in DEAR)

        one, other = picture["instances"]
        assert ada.put(f"/alerts/instances/{one['id']}/resolve", {"comment": "mended"}).status == 200
        assert ada.post(f"/tasks/{other['task_id']}/complete").status == 200
        worker.run()
        assert ada.get(f"/tasks/{one['task_id']}").data["status"] == "completed"
        assert ada.get(f"/alerts/instances/{other['id']}").data["status"] == "resolved"

        worker.fire("alert.evaluate", ada.client_id)
        worker.run()
        before = _picture(platforms, worker)
        ada.post("/integrations/facebook/sync", {"full_refresh": True})
        _drain(platforms)
        worker.fire("alert.evaluate", ada.client_id, times=2)
        assert ada.post(f"/alerts/{alert['id']}/trigger").data["instance_ids"] == []
        worker.run()
        assert _picture(platforms, worker) == before
        assert _measured(platforms)["ads.spend.USD"] == float(spend)
        assert ada.delete("/integrations/facebook?purge=true").status == 200
        _drain(platforms)
        assert set(_measured(platforms).values()) == {0}


def _measured(platforms: Platforms) -> dict[str, float]:
    """What the series of custom metrics say, once the log's consumer has counted."""
    tenant = Tenant(platforms.admin)
    tenant.count(METRICS)
    names = ("ads.impressions", "ads.clicks", "ads.spend.USD")
    return {name: float(tenant.series(f"metric={name}&from=-7d&measure=sum").data["total"] or 0) for name in names}


def _drain(platforms: Platforms) -> None:
    for _ in range(60):
        if not platforms.step():
            return
    raise AssertionError("the sync has no end")


def _picture(platforms: Platforms, worker: Worker) -> dict:
    ada = platforms.admin
    return {
        "facts": platforms.data("meta_ads").data,
        "instances": ada.get("/alerts/instances").data,
        "tasks": {task["id"]: task["related_object_id"] for task in ada.get("/tasks").data},
        "mails": [message["text"] for message in worker.messages("mail") if message["to"] == "ada@lovelace.example"],
    }
