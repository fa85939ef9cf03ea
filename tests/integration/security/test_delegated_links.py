"""Links and schedules to the outside are good for as long as who made them may make them."""

import json
from urllib.parse import urlsplit

import pytest

from groundswell.schedules.timers import firing_body
from tests.gateway import call_handler
from tests.timers import due_timers


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def editor(owner, people):
    return _with_role(owner, people, "editor")


def _with_role(owner, people, role):
    somebody = people.member_of(owner)
    added = owner.post(f"/clients/{owner.client_id}/members", {"user_id": somebody.id, "role": role})
    assert added.status == 201, added.body
    return somebody


def demote(owner, somebody):
    changed = owner.put(f"/clients/{owner.client_id}/members/{somebody.id}", {"role": "viewer"})
    assert changed.status == 200, changed.body


def remove(owner, somebody):
    assert owner.delete(f"/clients/{owner.client_id}/members/{somebody.id}").status == 200


def deactivate(owner, somebody):
    assert owner.delete(f"/admin/users/{somebody.id}").status == 200


def report(owner, by):
    saved = owner.post("/reports/custom", {"name": "S", "metrics": ["leads"], "save": True}).data
    return by(f"/reports/{saved['id']}/share-links", {})


def creative(owner, by):
    made = owner.post("/creative-submissions", {"title": "Spring", "type": "copy", "text": "Spring is here"})
    assert made.status == 201, made.body
    return by(f"/creative-submissions/{made.data['id']}/share-links", {})


def draft(owner, by):
    page = owner.post("/content/pages", {"slug": "spring", "title": {"en": "S"}, "content": {"en": "<p>S</p>"}})
    assert page.status == 201, page.body
    return by(f"/content/pages/{page.data['id']}/preview-links", {})


@pytest.fixture
def shown(owner, gateway):
    """What a link leads to, by the status."""

    def follow(answer):
        assert answer.status == 201, answer.body
        return lambda: gateway.get("=" + urlsplit(answer.data["url"]).path).status

    return follow


def acting(owner, somebody):
    return lambda path, body: somebody.post(path, body, headers={"X-Client-Id": owner.client_id})


@pytest.mark.parametrize("link", [report, creative, draft])
@pytest.mark.parametrize("lose", [demote, remove, deactivate])
def test_a_link_shows_nothing_once_its_maker_lost_the_right(owner, editor, shown, link, lose):
    theirs = shown(link(owner, acting(owner, editor)))
    assert theirs() == 200

    lose(owner, editor)

    assert theirs() == 404


@pytest.mark.parametrize("link", [report, creative, draft])
def test_a_link_by_a_key_is_good_until_the_key_is_revoked(owner, shown, link):
    scopes = ["reports:write", "creatives:write", "content:write"]
    keys = f"/clients/{owner.client_id}/api-keys"
    key = owner.post(keys, {"name": "k", "scopes": scopes}).data
    theirs = shown(link(owner, lambda *sent: owner.gateway.post(*sent, headers={"x-api-key": key["api_key"]})))
    assert theirs() == 200

    owner.delete(f"{keys}/{key['id']}")

    assert theirs() == 404


def test_a_schedule_of_somebody_who_left_sends_nothing_until_an_editor_saves_it(owner, editor, moto, advance):
    wanted = {"report_id": "leads", "cron": "*/7 * * * *", "recipients": ["outside@reports.example"]}
    made = acting(owner, editor)("/reports/schedules", wanted).data
    runs = f"/reports/schedules/{made['id']}/runs"
    remove(owner, editor)

    _fire(moto, owner)
    assert [(run["status"], run["recipients"]) for run in owner.get(runs).data] == [("failed", 0)]
    assert "an editor saves it anew" in owner.get(runs).data[0]["error"]
    assert _mails(moto) == []

    advance(minutes=8)
    assert owner.post(f"/reports/schedules/{made['id']}/run").data["status"] == "sent", "by who says so now"
    assert owner.put(f"/reports/schedules/{made['id']}", {"cron": wanted["cron"]}).status == 200
    _fire(moto, owner)
    assert sorted(run["status"] for run in owner.get(runs).data) == ["failed", "sent", "sent"]
    assert _mails(moto) == ["outside@reports.example"] * 2


def _fire(moto, owner):
    [firing] = due_timers(moto, owner.client_id, "report.run")
    records = {"Records": [{"messageId": "1", "body": firing_body(firing)}]}
    assert call_handler(moto, "report_worker", records) == {"batchItemFailures": []}


def _mails(moto):
    outbox = [item for item in moto.items("core") if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "mail"]
    sent = [json.loads(message["body"]["S"])["to"] for message in outbox]
    return [message for message in sent if message.endswith("@reports.example")]


def test_an_authorization_begun_by_an_admin_who_is_none_any_more_connects_nothing(owner, people, gateway, moto):
    moto.configure(
        FRONTEND_ORIGINS="https://a.example",
        HUBSPOT_CLIENT_ID="a",
        HUBSPOT_CLIENT_SECRET="s",
        X_CLIENT_ID="a",
        PUBLIC_URL="https://us.example",
    )
    admin = _with_role(owner, people, "admin")
    platform = acting(owner, admin)("/integrations/hubspot/authorize", {"return_url": "https://a.example"})
    network = acting(owner, admin)("/communication/twitter/accounts", {})
    assert (platform.status, network.status) == (200, 200), (platform.body, network.body)
    states = [
        answer.data[name].partition("state=")[2].partition("&")[0]
        for answer, name in ((platform, "url"), (network, "authorize_url"))
    ]
    demote(owner, admin)

    back = gateway.get(f"/integrations/hubspot/callback?code=c&state={states[0]}")

    assert "status=failed&error=FORBIDDEN" in back.headers["location"]
    assert gateway.get(f"/communication/twitter/callback?code=c&state={states[1]}").status == 403
    assert owner.get("/integrations/hubspot/status").status == 404
