"""Alerts over HTTP, and what their worker makes of them."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from functions.alerts.examples import CREATE
from groundswell.alerts import adapter_batches
from groundswell.integrations.adapter_facts import _item as stored_row
from groundswell.integrations.adapter_facts import put_items
from groundswell.integrations.facts import AdRow
from groundswell.kernel import clock
from groundswell.schedules.timers import firing_body
from tests.calls import Crash
from tests.integration.analytics.tenant import Tenant
from tests.people import Person
from tests.receiver import receiver
from tests.timers import due_timers

METRIC = {"alert_type": "metric", "data_source": "metrics"}
DEAR = {"916": Decimal("2.4"), "936": Decimal("1.1"), "1178": Decimal("3.2")}


@pytest.fixture(autouse=True)
def _clock():
    yield
    clock.set_offset(timedelta(0))


def alert(person: Person, **values) -> dict:
    answer = person.post("/alerts", {**CREATE, "name": "Clicks are dear", **values})
    assert answer.status == 201, answer.body
    return answer.data


def condition(**values) -> dict:
    return {"operator": "gt", "threshold": 1.5, "window": "1d", "dimension": "campaign_id", **values}


def spent(person: Person, cpc: dict[str, Decimal], days_ago: int = 1) -> None:
    """A day of ads, at so much a click."""
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    put_items("core", [dict(stored_row(person.client_id, row(day, key, price))) for key, price in cpc.items()])


def row(day: date, campaign: str, price: Decimal) -> AdRow:
    return AdRow(day, "act", campaign, campaign, price * 10, "USD", 1000, 10, None, None, None, "meta_ads")


def instances(person: Person, query: str = "") -> list[dict]:
    return person.get(f"/alerts/instances{query}").data


def test_an_alert_is_kept_changed_and_deleted(ada):
    made = alert(ada)

    assert ada.get(f"/alerts/{made['id']}").data == made
    assert [alert["id"] for alert in ada.get("/alerts").data] == [made["id"]]
    changed = ada.put(f"/alerts/{made['id']}", {"name": "Dearer", "description": None}, headers={"If-Match": '"1"'})
    assert (changed.data["name"], changed.data["version"]) == ("Dearer", 2)
    assert changed.data["condition_config"] == made["condition_config"]
    assert ada.put(f"/alerts/{made['id']}", {"name": "x"}, headers={"If-Match": '"1"'}).status == 412
    assert ada.delete(f"/alerts/{made['id']}").status == 200
    assert ada.get(f"/alerts/{made['id']}").status == 404


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("condition_config.threshold", {"condition_config": {"operator": "gt"}}),
        ("condition_config.threshold", {"condition_config": condition(operator="lt", threshold=0)}),
        ("condition_config.recovery_threshold", {"condition_config": condition(recovery_threshold=2)}),
        (
            "condition_config.levels",
            {"condition_config": condition(levels=[{"severity": "critical", "threshold": 1}])},
        ),
        ("condition_config.window", {"condition_config": condition(window="90m")}),
        ("condition_config.dimension", {"condition_config": condition(dimension="colour")}),
        ("condition_config.threshold", {"alert_type": "ctr", "condition_config": condition(threshold=2)}),
        (
            "condition_config.dimension",
            {"alert_type": "event_count", "data_source": "events", "condition_config": condition(dimension="plan")},
        ),
        ("data_source", {"data_source": "events"}),
        ("data_source", {"data_source": "hubspot"}),
        ("mute_windows.0.timezone", {"mute_windows": [{"from": "22:00", "to": "07:00", "timezone": "Mars/Base"}]}),
        ("frequency.cron", {"frequency": {"cron": "0 0 31 2 *"}}),
        ("frequency.every", {"frequency": {"every": "30s"}}),
        ("action_config.slack_webhook_url", {"action_config": {"slack_webhook_url": "https://10.0.0.1/x"}}),
        ("action_config.create_task.assignees.0", {"action_config": {"create_task": {"assignees": ["nobody"]}}}),
    ],
)
def test_what_can_never_be_is_refused_when_it_is_written(ada, field, wrong):
    refused = ada.post("/alerts", {**CREATE, **wrong})

    assert refused.status == 400, refused.body
    assert [error["field"] for error in refused.json["error"]["details"]["errors"]] == [field]


def test_each_campaign_that_crosses_the_line_has_one_instance_one_task_and_stands_in_one_mail(ada, worker):
    emails = ["ada@lovelace.example", "grace@lovelace.example"]
    actions = {"create_task": {"assignees": [ada.id]}, "emails": emails, "webhook": True}
    made = alert(ada, condition_config=condition(), action_config=actions)
    spent(ada, DEAR)

    assert worker.fire("alert.evaluate", ada.client_id, times=2) == 1
    worker.run()
    alert_instances = instances(ada)

    assert sorted(instance["dimensions"]["campaign_id"] for instance in alert_instances) == ["1178", "916"]
    assert {instance["status"] for instance in alert_instances} == {"firing"}
    tasks = ada.get("/tasks").data
    assert sorted(task["related_object_id"] for task in tasks) == sorted(instance["id"] for instance in alert_instances)
    assert {task["id"] for task in tasks} == {instance["task_id"] for instance in alert_instances}
    mails = [message for message in worker.messages("mail") if "1178" in message["text"]]
    assert sorted(mail["to"] for mail in mails) == emails
    assert all("916" in mail["text"] and "936" not in mail["text"] for mail in mails)
    events = [message for message in worker.messages("webhook_events") if message["type"] == "alert.firing"]
    assert sorted(event["data"]["id"] for event in events if event["client_id"] == ada.client_id) == sorted(
        instance["id"] for instance in alert_instances
    )
    assert ada.get(f"/alerts/{made['id']}").data["evaluation"]["open_instances"] == 2

    for _ in range(2):  # and nothing more, whatever is looked at again
        assert ada.post(f"/alerts/{made['id']}/trigger").status == 200
        worker.fire("alert.evaluate", ada.client_id)
        worker.run()
    assert instances(ada) == alert_instances
    assert len(ada.get("/tasks").data) == 2
    assert [message for message in worker.messages("mail") if "1178" in message["text"]] == mails


def test_what_is_mended_resolves_with_its_task_and_a_task_that_is_done_resolves_its_instance(ada, worker):
    made = alert(ada, condition_config=condition(), action_config={"create_task": {}, "notify_resolved": True})
    spent(ada, DEAR)
    ada.post(f"/alerts/{made['id']}/trigger")
    worker.run()
    by_campaign = {instance["dimensions"]["campaign_id"]: instance for instance in instances(ada)}

    assert ada.post(f"/tasks/{by_campaign['1178']['task_id']}/complete").status == 200
    worker.run()
    spent(ada, {**DEAR, "916": Decimal(1), "1178": Decimal(1)})
    ada.post(f"/alerts/{made['id']}/trigger")
    worker.run()

    done = {instance["dimensions"]["campaign_id"]: instance for instance in instances(ada)}
    assert {instance["status"] for instance in done.values()} == {"resolved"}
    assert done["1178"]["history"][-1]["by"] == ada.id
    assert done["916"]["history"][-1]["by"] == "system"
    assert {task["status"] for task in ada.get("/tasks").data} == {"completed"}
    assert instances(ada, "?status=firing") == []


def test_an_instance_is_acknowledged_resolved_and_dismissed_by_people(ada, worker):
    made = alert(ada, condition_config=condition(), action_config={"create_task": {}})
    spent(ada, DEAR)
    first, second = ada.post(f"/alerts/{made['id']}/trigger").data["instance_ids"]
    worker.run()

    acknowledgement = ada.put(f"/alerts/instances/{first}/acknowledge", {"comment": "mine"})
    resolved = [ada.put(f"/alerts/instances/{first}/resolve", {"comment": "done"}) for _ in range(2)]
    dismissed = ada.put(f"/alerts/instances/{second}/dismiss")
    worker.run()

    assert acknowledgement.data["status"] == "acknowledged"
    assert [answer.data for answer in resolved] == [resolved[0].data] * 2
    assert [(transition["from"], transition["to"]) for transition in resolved[0].data["history"]][-2:] == [
        ("firing", "acknowledged"),
        ("acknowledged", "resolved"),
    ]
    assert dismissed.data["status"] == "dismissed"
    assert ada.put(f"/alerts/instances/{second}/resolve").status == 409
    assert ada.post(f"/alerts/{made['id']}/trigger").data["instance_ids"] == []
    worker.fire("alert.evaluate", ada.client_id)
    tasks = {task["related_object_id"]: task["status"] for task in ada.get("/tasks").data}
    assert tasks == {first: "completed", second: "cancelled"}
    assert ada.put(f"/alerts/instances/{first}/feedback", {"useful": False}).data["useful"] is False
    assert [instance["id"] for instance in instances(ada, "?status=resolved&status=firing")] == [first]
    assert instances(ada, "?alert_id=other") == []


def test_nobody_who_acknowledges_in_time_has_others_called_once(ada, worker):
    escalation = {"escalate_after": "30m", "escalate_to": {"emails": ["boss@lovelace.example"], "assignees": [ada.id]}}
    made = alert(ada, condition_config=condition(), action_config=escalation)
    spent(ada, {"916": Decimal(9), "1178": Decimal(9)})
    ids = ada.post(f"/alerts/{made['id']}/trigger").data["instance_ids"]
    ada.put(f"/alerts/instances/{ids[0]}/acknowledge")

    assert worker.fire("alert.escalate", ada.client_id, times=2) == 2

    mails = [message for message in worker.messages("mail") if message["to"] == "boss@lovelace.example"]
    assert len(mails) == 1
    escalations = [message for message in worker.messages("notifications") if message["kind"] == "alert.escalated"]
    assert [(escalation["object_id"], escalation["user_ids"]) for escalation in escalations] == [(ids[1], [ada.id])]
    assert ada.get(f"/alerts/instances/{ids[1]}").data["escalated_at"]


def test_an_acknowledgement_that_expires_fires_anew_once_and_is_told_again(ada, worker, people, advance):
    action = {"create_task": {}, "emails": ["anew@lovelace.example"]}
    made = alert(ada, condition_config=condition(), action_config=action)
    spent(ada, {"1178": Decimal(9)})
    [instance_id] = ada.post(f"/alerts/{made['id']}/trigger").data["instance_ids"]
    worker.run()
    acknowledged = ada.put(f"/alerts/instances/{instance_id}/acknowledge", {"comment": "mine", "expires_in": "2h"})
    assert acknowledged.data["acknowledged_until"]

    advance(hours=2, seconds=1)
    assert worker.fire("alert.unacknowledge", ada.client_id, times=2) == 1
    ada = people.sign_in(ada.email)
    worker.fire("alert.evaluate", ada.client_id)
    worker.run()

    instance = ada.get(f"/alerts/instances/{instance_id}").data
    assert (instance["status"], instance["acknowledged_until"]) == ("firing", None)
    steps = [(step["from"], step["to"]) for step in instance["history"]]
    assert steps[-2:] == [("firing", "acknowledged"), ("acknowledged", "firing")]
    mails = [message for message in worker.messages("mail") if message["to"] == "anew@lovelace.example"]
    assert len(mails) == 2
    assert len(ada.get("/tasks").data) == 1


def test_an_acknowledgement_that_was_renewed_does_not_expire_at_its_old_time(ada, worker, people, advance):
    made = alert(ada, condition_config=condition())
    spent(ada, {"1178": Decimal(9)})
    [instance_id] = ada.post(f"/alerts/{made['id']}/trigger").data["instance_ids"]
    path = f"/alerts/instances/{instance_id}/acknowledge"
    ada.put(path, {"expires_in": "1h"})
    [old] = due_timers(worker.backend, ada.client_id, "alert.unacknowledge")
    ada.put(path, {"expires_in": "5h"})
    advance(hours=2)
    worker.take(firing_body(old))
    ada = people.sign_in(ada.email)
    assert ada.get(f"/alerts/instances/{instance_id}").data["status"] == "acknowledged"


def test_conversions_of_days_that_a_platform_still_adds_to_are_marked_wherever_they_are_shown(ada, worker):
    few = {"operator": "lt", "threshold": 5, "window": "1d", "provisional": True}
    mailed = {"emails": ["early@lovelace.example"], "create_task": {}}
    made = alert(ada, alert_type="conversions", condition_config=few, action_config=mailed)
    day = datetime.now(UTC).date() - timedelta(days=1)
    converting = replace(row(day, "916", Decimal(1)), conversions=Decimal(2))
    put_items("core", [dict(stored_row(ada.client_id, converting))])

    outcome = ada.post(f"/alerts/{made['id']}/trigger").data
    worker.run()

    assert [(result["value"], result["provisional"]) for result in outcome["results"]] == [(2, True)]
    assert [instance["provisional"] for instance in instances(ada)] == [True]
    assert "(provisional)" in ada.get("/tasks").data[0]["name"]
    [mail] = [message for message in worker.messages("mail") if message["to"] == "early@lovelace.example"]
    assert "conversions is 2 (provisional), < 5" in mail["text"]
    settled = {**few, "provisional": False}
    plain = ada.post("/alerts/preview", {"alert": {**CREATE, "alert_type": "conversions", "condition_config": settled}})
    assert plain.data["would_fire"] == []


def test_forced_alerts_fire_whatever_the_value_and_unknown_ones_say_why(ada, worker):
    made = alert(ada, condition_config={"operator": "gt", "threshold": 1.5}, action_config={"create_task": {}})

    plain = ada.post(f"/alerts/{made['id']}/trigger").data
    forced = [ada.post(f"/alerts/{made['id']}/trigger", {"force": True}).data for _ in range(2)]
    worker.fire("alert.evaluate", ada.client_id)

    assert (plain["instance_ids"], plain["results"][0]["state"]) == ([], "unknown")
    assert plain["results"][0]["reason"] == "no_data"
    assert forced[0]["instance_ids"] == forced[1]["instance_ids"]
    assert [instance["status"] for instance in instances(ada)] == ["firing"]
    assert ada.get(f"/alerts/{made['id']}").data["evaluation"]["state"] == "unknown"


def test_events_are_counted_and_a_name_that_no_event_has_is_unknown(ada):
    Tenant(ada).send([{"type": "track", "event": "Signed Up", "userId": f"u{number}"} for number in range(5)])
    wanted = {"operator": "gte", "threshold": 5, "window": "1h"}
    one = alert(ada, alert_type="event_count", data_source="events", condition_config={**wanted, "event": "Signed Up"})
    other = alert(ada, alert_type="event_count", data_source=None, condition_config={**wanted, "event": "Sighed Up"})

    outcome = ada.post(f"/alerts/{one['id']}/trigger").data
    nothing = ada.post(f"/alerts/{other['id']}/trigger").data

    assert [(result["value"], result["state"]) for result in outcome["results"]] == [(5, "firing")]
    assert [(result["state"], result["reason"]) for result in nothing["results"]] == [("unknown", "never_seen")]
    draft = {
        **CREATE,
        "name": "Again",
        "alert_type": "event_count",
        "condition_config": {**wanted, "event": "Signed Up"},
    }
    [fires] = ada.post("/alerts/preview", {"alert": {**draft, "data_source": "events"}, "days": 30}).data["would_fire"]
    assert fires["value"] == 5


def test_custom_metrics_are_watched(ada):
    for value in (1, 2, 6):
        ada.post("/analytics/metrics", {"name": "queue.length", "value": value})
    wanted = {"operator": "gt", "threshold": 2.5, "window": "1h", "metric": "queue.length", "aggregation": "average"}
    made = alert(ada, alert_type="metric", data_source="metrics", condition_config=wanted)

    assert ada.post(f"/alerts/{made['id']}/trigger").data["results"][0]["value"] == 3


def test_a_silence_keeps_quiet_and_tells_at_its_end(ada, worker):
    made = alert(ada, condition_config=condition(), action_config={"emails": ["quiet@lovelace.example"]})
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    silence = ada.post("/alerts/silences", {"matchers": {"campaign_id": "916"}, "ends_at": until}).data
    for wrong in ({"campain_id": "916"}, {"alert_id": made["id"][:-1] + "x"}):
        assert ada.post("/alerts/silences", {"matchers": wrong, "ends_at": until}).status == 400
    spent(ada, {"916": Decimal(9)})

    def mails() -> list[dict]:
        return [message for message in worker.messages("mail") if message["to"] == "quiet@lovelace.example"]

    ids = ada.post(f"/alerts/{made['id']}/trigger").data["instance_ids"]
    assert (len(ids), mails()) == (1, [])
    assert ada.get("/alerts/silences").data == [silence]
    assert ada.delete(f"/alerts/silences/{silence['id']}").status == 200
    ada.post(f"/alerts/{made['id']}/trigger")
    assert len(mails()) == 1
    assert ada.get(f"/alerts/silences/{silence['id']}").status == 404


def test_slack_is_told_once_and_the_instance_knows(ada, worker):
    with receiver() as slack:
        worker.backend.settings["ALLOW_LOOPBACK_HOSTS"] = slack.place
        url = f"{slack.url}/services/T/B/x"
        made = alert(ada, condition_config=condition(), action_config={"slack_webhook_url": url})
        spent(ada, DEAR)
        ada.post(f"/alerts/{made['id']}/trigger")
        worker.run()

    assert len(slack.requests) == 1
    assert b"916" in slack.requests[0].body
    sent = [notification for instance in instances(ada) for notification in instance["notifications"]]
    assert [(message["channel"], message["state"]) for message in sent] == [("slack", "sent")] * 2


def test_a_preview_says_when_it_would_have_fired_and_keeps_nothing(ada):
    for days_ago, price in ((1, 1), (2, 9), (3, 9), (4, 1)):
        spent(ada, {"916": Decimal(price)}, days_ago)
    draft = {**CREATE, "condition_config": condition(), "frequency": {"every": "1d"}}

    [firing] = ada.post("/alerts/preview", {"alert": draft, "days": 5}).data["would_fire"]

    assert (firing["dimensions"], firing["value"]) == ({"campaign_id": "916"}, 9)
    assert ada.get("/alerts").data == []
    assert ada.post("/alerts/preview", {"alert": draft, "days": 0}).status == 400


def test_what_is_open_of_a_deleted_alert_is_dismissed_and_its_history_stays(ada, worker):
    made = alert(ada, condition_config=condition())
    spent(ada, {"916": Decimal(9)})
    ada.post(f"/alerts/{made['id']}/trigger")

    assert ada.delete(f"/alerts/{made['id']}").status == 200
    assert [instance["status"] for instance in instances(ada)] == ["dismissed"]
    assert worker.fire("alert.evaluate", ada.client_id) == 0


@pytest.mark.parametrize("step", range(1, 12))
def test_a_worker_that_dies_anywhere_is_followed_by_one_that_does_the_rest_once(moto, ada, worker, calls, step):
    mailbox = f"death-{step}@lovelace.example"
    actions = {"create_task": {}, "emails": [mailbox], "webhook": True}
    alert(ada, condition_config=condition(), action_config=actions)
    spent(ada, {"916": Decimal(9)})
    [firing] = due_timers(moto, ada.client_id, "alert.evaluate")

    with suppress(Crash), calls.crashing(step, after=True):
        worker.take(firing_body(firing))
    worker.take(firing_body(firing))
    worker.run()

    [instance] = instances(ada)
    assert [task["id"] for task in ada.get("/tasks").data] == [instance["task_id"]]
    mine = [message for message in worker.messages("mail") if mailbox in str(message["to"])]
    events = [message for message in worker.messages("webhook_events") if message["data"]["id"] == instance["id"]]
    assert (len(mine), [event["type"] for event in events]) == (1, ["alert.firing"])
    assert [notification["channel"] for notification in instance["notifications"]] == ["email", "webhook", "task"]


def test_an_alert_watches_a_saved_question_and_knows_nothing_once_that_is_gone(ada, worker):
    tenant = Tenant(ada)
    tenant.send([{"type": "track", "event": "bought", "id": f"e{n}", "userId": f"u{n}"} for n in range(3)])
    buyers = {"kind": "query", "series": [{"name": "bought", "measure": "unique"}]}
    question = ada.post("/analytics/saved-questions", {"name": "Buyers", "question": buyers}).data
    watched = {"operator": "gte", "threshold": 3, "window": "1h", "metric": f"question:{question['id']}"}
    made = alert(ada, **METRIC, condition_config=watched)

    worker.fire("alert.evaluate", ada.client_id)
    fired = ada.get(f"/alerts/{made['id']}").data["evaluation"]
    previewed = ada.post("/alerts/preview", {"alert": {**CREATE, **METRIC, "condition_config": watched}})
    ada.delete(f"/analytics/saved-questions/{question['id']}")
    unknown = ada.post(f"/alerts/{made['id']}/trigger", {}).data

    assert (fired["state"], fired["results"][0]["value"], len(instances(ada))) == ("firing", 3, 1)
    assert len(previewed.data["would_fire"]) == 1
    known = {"dimensions": {}, "value": None, "state": "unknown", "reason": "question_gone", "provisional": False}
    assert unknown["results"] == [known]
    assert instances(ada)[0]["status"] == "firing"


def test_what_an_alert_watches_has_to_be_there_and_to_have_a_number(ada, people):
    stranger = people.sign_up()
    foreign = stranger.post("/analytics/saved-questions", {"name": "q", "question": {"kind": "stickiness"}}).data
    shapeless = ada.post("/analytics/saved-questions", {"name": "q", "question": {"kind": "lifecycle"}}).data

    refused = [
        ada.post("/alerts", {**CREATE, **METRIC, "condition_config": {**condition, "operator": "gt"}})
        for condition in (
            {"metric": f"question:{item['id']}", "threshold": 1, "window": "1d"} for item in (foreign, shapeless)
        )
    ]

    assert [answer.status for answer in refused] == [400, 400]
    assert {answer.json["error"]["details"]["errors"][0]["field"] for answer in refused} == {"condition_config.metric"}


def test_alerts_that_come_to_nothing_are_written_together_and_one_that_is_changed_meanwhile_again(
    moto, ada, worker, calls, monkeypatch
):
    made = [alert(ada, name=f"Alert {number}", condition_config=condition(threshold=99)) for number in range(3)]
    spent(ada, DEAR)
    bodies = [firing_body(timer) for timer in due_timers(moto, ada.client_id, "alert.evaluate")]
    mine = [body for body in bodies if any(one["id"] in body for one in made)]
    write = adapter_batches.write

    def too_late(changes) -> None:
        monkeypatch.setattr(adapter_batches, "write", write)
        assert ada.put(f"/alerts/{made[1]['id']}", {"name": "Another"}).status == 200
        write(changes)

    monkeypatch.setattr(adapter_batches, "write", too_late)
    worker.take(*mine)
    shown = [ada.get(f"/alerts/{item['id']}").data for item in made]
    assert [item["evaluation"]["state"] for item in shown] == ["ok"] * 3
    due = due_timers(moto, ada.client_id, "alert.evaluate")
    later = [replace(item, due=item.due + timedelta(hours=1)) for item in due]
    again = [firing_body(item) for item in later if any(one["id"] == item.key for one in made)]
    assert len(again) == 3
    with calls.counted() as counted:
        worker.take(*again)
    assert counted.count("TransactWriteItems") == 1
    with calls.counted() as counted:
        worker.take(*mine)
    assert "TransactWriteItems" not in counted, "they were looked at for later times already"
