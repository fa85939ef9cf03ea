"""Saved questions, dashboards and annotations over HTTP."""

import pytest

from groundswell.analytics.engine import service
from tests.integration.analytics.tenant import Tenant

ORDERS = {"kind": "query", "from": "-7d", "series": [{"name": "bought"}], "granularity": "day"}


@pytest.fixture
def tenant(people):
    tenant = Tenant(people.sign_up())
    tenant.send([{"type": "track", "event": "bought", "id": f"e{n}", "userId": f"u{n % 2}"} for n in range(3)])
    return tenant


def saved(tenant, question=None, **more):
    answer = tenant.person.post(
        "/analytics/saved-questions", {"name": "Orders", "question": question or ORDERS, **more}
    )
    assert answer.status == 201, answer.body
    return answer.data


def asked(tenant, question, body=None):
    return tenant.person.post(f"/analytics/saved-questions/{question['id']}/ask", body or {})


def test_a_question_is_kept_as_it_was_written_and_asked_again(tenant):
    question = saved(tenant)
    tenant.send([{"type": "track", "event": "bought", "id": "later", "userId": "u3"}])

    answer = asked(tenant, question)

    assert question["question"] == ORDERS
    assert (answer.status, answer.data["figure"]) == (200, 4)
    assert answer.data["answer"]["total"]["figures"]["A"]["total"] == 4
    assert len(answer.data["answer"]["buckets"]) == 8
    assert asked(tenant, question, {"from": "2026-01-01", "to": "2026-01-03"}).data["figure"] == 0


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ({"kind": "sql", "sql": "SELECT count(*) FROM events"}, 3),
        ({"kind": "web"}, 2),
        ({"kind": "breakdown", "by": "user_id"}, 3),
        ({"kind": "uniques"}, 2),
        ({"kind": "persons"}, 2),
        ({"kind": "sessions"}, 2),
        ({"kind": "stickiness"}, 2),
        ({"kind": "lifecycle"}, None),
        ({"kind": "conversions", "steps": [{"name": "bought"}, {"name": "bought"}]}, 0),
    ],
)
def test_every_kind_of_question_can_be_kept(tenant, question, figure):
    answer = asked(tenant, saved(tenant, question))

    assert (answer.status, answer.data and answer.data["figure"]) == (200, figure), answer.body


def test_what_is_no_question_is_refused_where_it_is_wrong(tenant):
    wrong = {**ORDERS, "series": [{"name": "bought", "of": "nothing.known", "measure": "sum"}]}
    backwards = {**ORDERS, "from": "2026-05-05", "to": "2026-05-01"}

    refused = [
        tenant.person.post("/analytics/saved-questions", {"name": "n", "question": question})
        for question in (wrong, {"kind": "poem"}, {"kind": "query"}, backwards)
    ]

    assert [answer.status for answer in refused] == [400] * 4


def test_whoever_changes_an_old_version_is_told(tenant):
    question = saved(tenant)
    path = f"/analytics/saved-questions/{question['id']}"

    changed = tenant.person.call("PATCH", path, {"name": "Sales"}, headers={"If-Match": '"1"'})
    late = tenant.person.call("PATCH", path, {"name": "Turnover"}, headers={"If-Match": '"1"'})

    assert (changed.status, changed.data["version"], changed.data["question"]) == (200, 2, ORDERS)
    assert (late.status, tenant.person.get(path).data["name"]) == (412, "Sales")


def test_a_dashboard_asks_all_its_questions_and_none_holds_up_another(tenant, monkeypatch):
    orders, people_ = saved(tenant), saved(tenant, {"kind": "uniques"})
    currencies = {"kind": "query", "series": [{"measure": "sum"}]}
    tenant.send(
        [
            {"type": "track", "event": "paid", "id": money, "properties": {"revenue": 5, "currency": money}}
            for money in ("EUR", "USD")
        ]
    )
    sums = saved(tenant, currencies)
    tiles = [{"question_id": question["id"]} for question in (orders, people_, sums)]
    board = tenant.person.post("/analytics/dashboards", {"name": "Morning", "tiles": tiles}).data

    answers = tenant.person.post(f"/analytics/dashboards/{board['id']}/ask", {}).data["tiles"]
    monkeypatch.setattr(service, "MOST_AT_ONCE", 1)
    many = tenant.person.post(f"/analytics/dashboards/{board['id']}/ask", {}).data["tiles"]

    assert [(answer["state"], answer["figure"]) for answer in answers] == [
        ("answered", 3),
        ("answered", 2),
        ("failed", None),
    ]
    assert "EUR" in answers[2]["error"]
    assert [tile["state"] for tile in many] == ["later"] * 3
    waiting = tenant.person.get(f"/analytics/questions/{many[0]['operation']['id']}").data
    assert (waiting["status"], waiting["question"]["kind"]) == ("queued", "query")


def test_a_question_on_a_dashboard_stays(tenant):
    question = saved(tenant)
    board = tenant.person.post(
        "/analytics/dashboards", {"name": "Morning", "tiles": [{"question_id": question["id"]}]}
    ).data
    path = f"/analytics/saved-questions/{question['id']}"

    refused = tenant.person.delete(path)
    tenant.person.delete(f"/analytics/dashboards/{board['id']}")

    assert (refused.status, refused.json["error"]["details"]["where"]) == (
        409,
        [{"type": "dashboard", "id": board["id"]}],
    )
    assert (tenant.person.delete(path).status, tenant.person.get(path).status) == (200, 404)


def test_a_tile_needs_a_question_of_the_client(tenant, people):
    foreign = saved(Tenant(people.sign_up()))

    refused = tenant.person.post("/analytics/dashboards", {"name": "n", "tiles": [{"question_id": foreign["id"]}]})

    assert (refused.status, refused.json["error"]["details"]["errors"][0]["field"]) == (400, "tiles.0.question_id")


def test_what_happened_stands_beside_the_series_it_is_about(tenant):
    for at, text, events in (
        ("2026-11-03T12:00:00Z", "launch", []),
        ("2026-11-04T12:00:00Z", "checkout", ["bought"]),
        ("2026-11-04T13:00:00Z", "newsletter", ["opened"]),
        ("2026-11-09T00:00:00Z", "afterwards", []),
    ):
        made = tenant.person.post("/analytics/annotations", {"at": at, "text": text, "events": events})
        assert made.status == 201, made.body
    over = {"from": "2026-11-01", "to": "2026-11-09", "timezone": "UTC"}

    kept = asked(tenant, saved(tenant), over).data["annotations"]
    lifecycle = tenant.person.post("/analytics/lifecycle", over).data["annotations"]
    query = tenant.person.post("/analytics/query", {**over, "series": [{"name": "opened"}]}).data["annotations"]
    series = tenant.series("granularity=day&from=2026-11-01&to=2026-11-09&name=bought&annotations=true")
    listed = tenant.person.get("/analytics/annotations?limit=3")

    assert [annotation["text"] for annotation in kept] == ["launch", "checkout"]
    assert [annotation["text"] for annotation in lifecycle] == ["launch", "checkout", "newsletter"]
    assert [annotation["text"] for annotation in query] == ["launch", "newsletter"]
    assert [annotation["text"] for annotation in series.data["annotations"]] == ["launch", "checkout"]
    assert [annotation["text"] for annotation in listed.data] == ["afterwards", "newsletter", "checkout"]
    rest = tenant.person.get(f"/analytics/annotations?limit=3&cursor={listed.json['meta']['next_cursor']}")
    assert [annotation["text"] for annotation in rest.data] == ["launch"]


def test_keys_without_people_do_not_ask_about_people(tenant):
    question = saved(tenant, {"kind": "sql", "sql": "SELECT count(*) FROM events"})
    key = {"x-api-key": tenant.key("analytics:read")}

    refused = tenant.person.gateway.post(f"/analytics/saved-questions/{question['id']}/ask", {}, headers=key)
    answered = tenant.person.gateway.post(f"/analytics/saved-questions/{saved(tenant)['id']}/ask", {}, headers=key)

    assert (refused.status, answered.status) == (403, 200)


def test_days_that_are_over_are_answered_once_until_something_moves(tenant, capsys):
    tenant.send([{"type": "track", "event": "old", "id": "o1", "userId": "u1", "timestamp": "2026-11-03T12:00:00Z"}])
    body = {"from": "2026-11-01", "to": "2026-11-05", "timezone": "UTC", "series": [{"name": "old"}]}

    def total():
        data = tenant.person.post("/analytics/query", body).data
        return data["total"]["figures"]["A"]["total"], bool(data["cached_at"])

    seen = [total(), total()]
    tenant.send([{"type": "track", "event": "new", "id": "n1", "userId": "u1"}])  # of today: nothing moved
    seen.append(total())
    tenant.send([{"type": "track", "event": "old", "id": "o2", "userId": "u1", "timestamp": "2026-11-03T13:00:00Z"}])
    seen += [total(), total()]

    assert seen == [(1, False), (1, True), (1, True), (2, False), (2, True)]
    logged = capsys.readouterr().out
    assert [logged.count(f'"AnswerCache{metric}":[1.0]') for metric in ("Hits", "Misses", "Evictions")] == [3, 2, 1]


def test_what_no_error_is_known_of_is_not_sampled(tenant):
    question = {"sample": 50, "series": [{"name": "bought"}]}

    estimated = tenant.person.post("/analytics/query", question).data["total"]["figures"]["A"]
    refused = [
        tenant.person.post("/analytics/query", question | more).json["error"]["details"]["errors"][0]["field"]
        for more in (
            {"series": [{"measure": "average"}]},
            {"series": [{"measure": "unique", "of": "properties.plan"}]},
            {"formulas": {"twice": "A * 2"}},
        )
    ]

    assert set(estimated) == {"total", "points", "standard_error"}
    assert refused == ["series.0.measure", "series.0.measure", "formulas"]
