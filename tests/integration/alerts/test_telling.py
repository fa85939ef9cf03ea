"""Whom an alert tells, what becomes of it, and what a new client has to begin with."""

from datetime import timedelta

from groundswell.kernel.clock import utc_now
from groundswell.mailer.store import DynamoMailLedger
from tests.integration.alerts.test_alerts import DEAR, alert, condition, instances, spent
from tests.receiver import receiver


def test_slacks_address_is_kept_sealed_and_shown_masked_and_sent_back_it_stays(ada, worker):
    with receiver() as slack:
        worker.backend.settings["ALLOW_LOOPBACK_HOSTS"] = slack.place
        actions = {"slack_webhook_url": f"{slack.url}/services/T000/B000/verysecret"}
        made = alert(ada, condition_config=condition(), action_config=actions)
        shown = made["action_config"]["slack_webhook_url"]
        assert shown == f"{slack.url}/***cret"
        assert "verysecret" not in str(worker.backend.items("core"))

        changed = ada.put(f"/alerts/{made['id']}", {"action_config": {"slack_webhook_url": shown, "webhook": True}})
        assert changed.data["action_config"]["slack_webhook_url"] == shown
        spent(ada, DEAR)
        worker.fire("alert.evaluate", ada.client_id)
        worker.run()
    assert [request.path for request in slack.requests] == ["/services/T000/B000/verysecret"]


def test_an_instance_says_what_became_of_its_mails(ada, worker):
    alert(ada, condition_config=condition(), action_config={"emails": ["ada@lovelace.example"]})
    spent(ada, DEAR)
    worker.fire("alert.evaluate", ada.client_id)
    worker.run()

    assert {instance["notifications"][0]["state"] for instance in instances(ada)} == {"queued"}
    for message in worker.messages("mail"):
        assert DynamoMailLedger().claim(message["id"], "us", utc_now(), timedelta(minutes=1)) is None
        DynamoMailLedger().sent(message["id"], "us")
    assert {instance["notifications"][0]["state"] for instance in instances(ada)} == {"sent"}


def test_a_new_client_is_watched_from_the_start_by_the_same_alerts_once(ada, worker):
    worker.fire("client.arrived", ada.client_id, times=3)

    alerts = ada.get("/alerts").data
    assert sorted(alert["alert_type"] for alert in alerts) == ["cpc", "cplpv", "eroas", "spend"]
    assert all(alert["is_default"] and alert["is_active"] for alert in alerts)
    assert worker.fire("alert.evaluate", ada.client_id) == 4
    assert {alert["evaluation"]["state"] for alert in ada.get("/alerts").data} == {"unknown"}
    assert instances(ada) == []
