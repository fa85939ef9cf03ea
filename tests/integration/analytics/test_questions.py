"""Questions over HTTP: what people did, asked by whoever may know."""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.integration.analytics.tenant import Tenant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z"
RANGE = {"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"}


@pytest.fixture
def tenant(people):
    return Tenant(people.sign_up())


def event(at, user="ada", name="viewed", **changes):
    """`at` seconds past noon."""
    when = (NOON + timedelta(seconds=at)).isoformat()
    return {"type": "track", "event": name, "id": str(uuid4()), "userId": user, "timestamp": when} | changes


def ask(tenant, question, body):
    answer = tenant.person.post(f"/analytics/{question}", RANGE | body | {"client_id": tenant.client_id})
    assert answer.status == 200, answer.body
    return answer.data


def get(tenant, question, query=DAY):
    answer = tenant.person.get(f"/analytics/{question}?client_id={tenant.client_id}&{query}")
    assert answer.status == 200, answer.body
    return answer.data


def test_persons_are_counted_once_a_bucket_and_once_in_all(tenant):
    tenant.send([event(at, user) for at, user in ((1, "ada"), (2, "ada"), (3600, "ada"), (3601, "bob"))])

    data = tenant.series(f"measure=unique&granularity=hour&compare=previous&{DAY}").data

    assert [point["value"] for point in data["series"][11:15]] == [0, 1, 2, 0]
    assert (data["total"], data["count"], data["method"], data["standard_error"]) == (2, 4, "exact", None)
    assert data["previous"]["total"] == 0


def test_a_breakdown_lists_the_largest_groups_and_sums_up_the_rest(tenant):
    plans = ["team"] * 3 + ["free"] * 2 + ["solo"]
    tenant.send(
        [
            event(at, f"user {at % 2}", "paid", properties={"plan": plan, "revenue": f"{at}.10", "currency": "EUR"})
            for at, plan in enumerate(plans)
        ]
    )

    counts = get(tenant, "breakdown", f"by=properties.plan&top=2&{DAY}")
    sums = ask(tenant, "breakdown", {"by": "properties.plan", "measure": "sum", "top": 1})
    persons = ask(
        tenant,
        "breakdown",
        {
            "by": "name",
            "measure": "unique",
            "where": [{"field": "properties.plan", "operator": "in", "value": ["free"]}],
        },
    )

    assert [(group["group"], group["value"]) for group in counts["groups"]] == [("team", 3), ("free", 2)]
    assert counts["other"] == {"groups": 1, "count": 1, "value": 1}
    assert sums["groups"] == [{"group": "free", "count": 2, "value": 7.2}]
    assert (sums["total"]["value"], sums["currency"]) == (15.6, "EUR")
    assert (persons["total"]["count"], persons["total"]["value"], persons["method"]) == (2, 2, "exact")
    assert persons["as_of"].endswith("Z")


def test_a_funnel_counts_those_who_did_one_after_the_other_in_time(tenant):
    tenant.send(
        [
            event(0, "ada", "viewed", properties={"plan": "team"}),
            event(60, "ada", "paid", properties={"revenue": 60}),
            event(0, "bob", "viewed", properties={"plan": "free"}),
            event(4000, "bob", "paid", properties={"revenue": 60}),
            event(0, "eve", "paid", properties={"revenue": 60}),
            event(10, "eve", "viewed"),
        ]
    )
    large = {"field": "value", "operator": "gt", "value": 59.5}

    data = ask(
        tenant,
        "funnels",
        {
            "steps": [{"name": "viewed"}, {"name": "paid", "where": [large]}],
            "within_seconds": 3600,
            "by": "properties.plan",
        },
    )

    assert [step["persons"] for step in data["steps"]] == [3, 1]
    assert data["steps"][1]["conversion_rate"] == pytest.approx(1 / 3, abs=1e-6)
    assert data["steps"][1]["median_seconds"] == 60
    assert {branch["group"]: branch["steps"][1]["persons"] for branch in data["branches"]} == {
        "team": 1,
        "free": 0,
        None: 0,
    }


def test_retention_counts_who_came_back(tenant):
    day = 86_400
    tenant.send(
        [
            event(0, "ada", "signed up"),
            event(5, "bob", "signed up"),
            event(day, "ada", "paid"),
            event(2 * day, "bob", "paid"),
            event(2 * day, "ada", "signed up"),
        ]
    )
    body = {
        "from": "2026-03-01T00:00:00Z",
        "to": "2026-03-04T00:00:00Z",
        "start": {"name": "signed up"},
        "return": {"name": "paid"},
        "period": "day",
        "periods": 2,
    }

    first, second, third = ask(tenant, "retention", body)["cohorts"]

    assert (first["size"], second["size"], third["size"]) == (2, 0, 0)
    assert [(period["period"], period["persons"], period["rate"]) for period in first["returned"]] == [
        (1, 1, 0.5),
        (2, 1, 0.5),
    ]
    simple = get(tenant, "retention", f"name=paid&period=day&periods=1&first_time=false&{DAY}")
    assert [cohort["size"] for cohort in simple["cohorts"]] == [0]


def test_paths_lead_on_from_an_event(tenant):
    tenant.send([event(0, "ada", "start"), event(1, "ada", "a"), event(2, "ada", "b"), event(3, "bob", "start")])

    data = ask(tenant, "paths", {"start": {"name": "start"}, "steps": 2})

    assert [(path["events"], path["count"]) for path in data["paths"]] == [([], 1), (["a", "b"], 1)]
    assert (data["starts"], data["persons"], data["other"]) == (2, 2, 0)


def test_an_event_that_comes_late_joins_two_sessions(tenant):
    page = {"type": "page", "name": "Page", "event": None}
    tenant.send(
        [
            event(0, **page, context={"page": {"path": "/"}}),
            event(3000, **page, context={"page": {"path": "/pricing"}}),
        ]
    )
    apart = get(tenant, "sessions")
    tenant.send([event(1500)])

    joined = get(tenant, "sessions")

    assert (apart["total"]["sessions"], apart["total"]["bounce_rate"]) == (2, 1.0)
    assert (joined["total"]["sessions"], joined["total"]["events"], joined["total"]["mean_seconds"]) == (1, 3, 3000)
    assert joined["entry_pages"] == [{"page": "/", "sessions": 1}]
    assert joined["exit_pages"] == [{"page": "/pricing", "sessions": 1}]
    assert ask(tenant, "sessions", {"name": "viewed"})["total"]["sessions"] == 1


def test_the_live_tail_goes_on_where_it_ended(tenant):
    assert get(tenant, "live", "")["events"] == []
    tenant.send([event(at, id=f"{at}") for at in range(5)])
    first = get(tenant, "live", "limit=3")
    tenant.send([event(at, id=f"{at}") for at in (3, 4, 5, 6, 7)])

    second = get(tenant, "live", f"limit=2&after={first['cursor']}")
    third = get(tenant, "live", f"limit=2&after={second['cursor']}")
    fourth = get(tenant, "live", f"after={third['cursor']}")

    assert [event["id"] for event in first["events"]] == ["2", "3", "4"]
    assert [event["id"] for event in second["events"]] == ["5", "6"]
    assert [event["id"] for event in third["events"]] == ["7"]
    assert (second["has_more"], third["has_more"], fourth["events"]) == (True, False, [])
    assert fourth["cursor"] == third["cursor"]


WALLET = "0x52908400098527886e0f7030069857d2e4169ee7"


def transaction(at, user, status, tx, **changes):
    fields = {"wallet_address": WALLET, "chain_id": "1", "transaction_hash": tx}
    properties = {"status": status, "value": str(2**200), "contract_address": "0x" + "c" * 40}
    return event(at, user, "tx", **fields, properties=properties, **changes)


def test_transactions_volume_and_conversion(tenant):
    page = {"type": "page", "name": "Page", "event": None}
    tenant.send(
        [
            event(0, "ada", **page),
            event(0, "bob", **page),
            transaction(10, "ada", "started", "0xaa"),
            transaction(20, "ada", "confirmed", "0xaa"),
            transaction(30, "eve", "reverted", "0xbb"),
        ]
    )

    listed = get(tenant, "web3/transactions")
    volume = get(tenant, "web3/volume", f"by=contract&{DAY}")
    conversion = get(tenant, "web3/conversion")

    assert [(transaction["tx_hash"], transaction["status"]) for transaction in listed["transactions"]] == [
        ("0xbb", "reverted"),
        ("0xaa", "confirmed"),
    ]
    assert [transition["status"] for transition in listed["transactions"][1]["transitions"]] == ["started", "confirmed"]
    assert get(tenant, "web3/transactions", f"tx_hash=0xaa&{DAY}")["total"] == 1
    assert get(tenant, "web3/transactions", f"status=reverted&chain=eip155:1&{DAY}")["total"] == 1
    (group,) = volume["groups"]
    assert (group["count"], group["confirmed"], group["value"]) == (2, 1, 2**200)
    assert (conversion["visitors"], conversion["confirmed"]["persons"], conversion["confirmed"]["rate"]) == (2, 1, 0.5)
    assert conversion["transaction"]["median_seconds"] == 10


def test_pages_of_transactions_show_the_log_as_it_was(tenant):
    tenant.send([transaction(at, "ada", "confirmed", f"0x{at:02x}") for at in range(5)])
    path = f"/analytics/web3/transactions?client_id={tenant.client_id}&{DAY}"
    first = tenant.person.get(f"{path}&limit=2")
    tenant.send([transaction(9, "ada", "confirmed", "0x09"), transaction(2.5, "ada", "confirmed", "0x99")])

    second = tenant.person.get(f"{path}&limit=2&cursor={first.json['meta']['next_cursor']}")
    link = second.headers["link"].partition(">")[0].removeprefix("</api/v1").removeprefix("<")
    third = tenant.person.get(link)

    pages = [[transaction["tx_hash"] for transaction in page.data["transactions"]] for page in (first, second, third)]
    assert pages == [["0x04", "0x03"], ["0x02", "0x01"], ["0x00"]]
    assert [(page.data["total"], page.json["meta"]["has_more"]) for page in (first, second, third)] == [
        (5, True),
        (5, True),
        (5, False),
    ]
    assert second.data["as_of"] == first.data["as_of"]
    assert tenant.person.get(path).data["total"] == 7


def test_a_cursor_of_one_list_of_transactions_opens_no_other(tenant):
    tenant.send([transaction(at, "ada", "confirmed", f"0x{at:02x}") for at in range(3)])
    path = f"/analytics/web3/transactions?client_id={tenant.client_id}&{DAY}&limit=1"
    cursor = tenant.person.get(path).json["meta"]["next_cursor"]

    for refused in (f"&cursor={cursor}x", f"&status=confirmed&cursor={cursor}"):
        assert tenant.person.get(path + refused).status == 400


def test_funnels_and_paths_of_plain_events_and_persons_with_conditions(tenant):
    fields = {"properties": {"plan": "team"}}
    tenant.send([event(0, "ada", "a", **fields), event(60, "ada", "b"), event(0, "bob", "a"), event(9, "bob", "c")])

    funnel = get(tenant, "funnels", f"step=a&step=b&by=properties.plan&{DAY}")
    paths = get(tenant, "paths", f"name=a&steps=1&{DAY}")
    team = {"field": "properties.plan", "value": "team"}
    persons = ask(tenant, "uniques", {"granularity": "hour", "where": [team]})

    assert [step["persons"] for step in funnel["steps"]] == [2, 1]
    assert funnel == ask(tenant, "funnels", {"steps": STEPS, "by": "properties.plan"})
    assert [(path["events"], path["count"]) for path in paths["paths"]] == [(["b"], 1), (["c"], 1)]
    assert (persons["total"], persons["count"], persons["method"]) == (1, 1, "exact")
    assert get(tenant, "metrics", f"measure=unique&granularity=hour&{DAY}")["total"] == 2


def test_orders_of_eighteen_months_give_what_plain_python_computes(tenant):
    chosen, orders = random.Random(7), []
    for number in range(600):
        when = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=chosen.randrange(546))
        orders.append((number, f"customer {chosen.randrange(120)}", when, Decimal(chosen.randrange(1, 20_000)) / 100))
    for start in range(0, len(orders), 200):
        tenant.send(
            [
                {
                    "type": "track",
                    "event": "Order Completed",
                    "id": f"order {number}",
                    "userId": customer,
                    "timestamp": when.isoformat(),
                    "properties": {"revenue": str(amount), "currency": "USD"},
                }
                for number, customer, when, amount in orders[start : start + 200]
            ]
        )
    revenue, buyers, months = Counter(), defaultdict(set), defaultdict(set)
    for _, customer, when, amount in orders:
        revenue[when.month + 12 * when.year] += amount
        buyers[when.month + 12 * when.year].add(customer)
        months[customer].add(when.month + 12 * when.year)
    cohorts = Counter(min(month) for month in months.values())
    again = Counter(min(month) for month in months.values() if min(month) + 1 in month)
    span = "from=2024-01-01T00:00:00Z&to=2025-07-01T00:00:00Z"

    sums = tenant.series(f"measure=sum&granularity=month&{span}").data
    persons = tenant.series(f"measure=unique&granularity=month&{span}").data
    kept = get(tenant, "retention", f"name=Order%20Completed&period=month&periods=1&{span}")["cohorts"]

    assert [Decimal(str(point["value"])) for point in sums["series"]] == [revenue[month] for month in sorted(revenue)]
    assert [point["value"] for point in persons["series"]] == [len(buyers[month]) for month in sorted(buyers)]
    assert persons["total"] == len(months)
    assert [cohort["size"] for cohort in kept if cohort["size"]] == [cohorts[month] for month in sorted(cohorts)]
    assert [cohort["returned"][0]["persons"] for cohort in kept if cohort["size"]] == [
        again[month] for month in sorted(cohorts)
    ]


STEPS = [{"name": "a"}, {"name": "b"}]
BAD = [
    ("breakdown", {"by": "plan"}, "by"),
    ("breakdown", {"by": "name", "tz": "Mars/Olympus"}, "tz"),
    ("breakdown", {"by": "name", "from": "2026-03-03T00:00:00Z"}, "to"),
    ("breakdown", {"by": "name", "from": "2006-03-03T00:00:00Z"}, "to"),
    ("breakdown", {"by": "name", "measure": "average"}, "measure"),
    ("breakdown", {"by": "name", "top": 0}, "top"),
    ("breakdown", {"by": "name", "where": [{"field": "name", "operator": "like", "value": "x"}]}, "where.0.operator"),
    ("breakdown", {"by": "name", "where": [{"field": "plan", "value": "x"}]}, "where.0.field"),
    ("breakdown", {"by": "name", "where": [{"field": "name", "operator": "in", "value": "x"}]}, "where.0"),
    ("breakdown", {"by": "name", "surprise": 1}, "surprise"),
    ("funnels", {"steps": STEPS[:1]}, "steps"),
    ("funnels", {"steps": STEPS * 11}, "steps"),
    ("funnels", {"steps": STEPS, "within_seconds": 0}, "within_seconds"),
    ("funnels", {"steps": STEPS, "by": "plan"}, "by"),
    ("retention", {"period": "hour"}, "period"),
    ("retention", {"periods": 61}, "periods"),
    ("paths", {}, "start"),
    ("paths", {"start": {"name": "a"}, "steps": 11}, "steps"),
    ("sessions", {"granularity": "fortnight"}, "granularity"),
]


@pytest.mark.parametrize(("question", "body", "field"), BAD)
def test_a_question_that_cannot_be_answered_names_its_field(tenant, question, body, field):
    answer = tenant.person.post(f"/analytics/{question}", RANGE | body | {"client_id": tenant.client_id})

    assert (answer.status, answer.json["error"]["field"]) == (400, field)


def test_bad_queries_name_their_field(tenant):
    queries = {
        "live?after=nonsense": "after",
        "live?limit=0": "limit",
        "breakdown?by=plan": "by",
        "retention?period=minute": "period",
        "sessions?tz=Europe": "tz",
        "web3/volume?by=moon": "by",
        "web3/transactions?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z": "to",
        "web3/conversion?within_seconds=0": "within_seconds",
        "funnels?step=a": "step",
        "funnels?step=a&step=b&by=plan": "by",
        "paths": "name",
        "web3/transactions?limit=1001": "limit",
        "metrics?metric=revenue&measure=unique": "measure",
    }

    answers = {query: tenant.person.get(f"/analytics/{query}") for query in queries}

    assert {query: (answer.status, answer.json["error"]["field"]) for query, answer in answers.items()} == {
        query: (400, field) for query, field in queries.items()
    }


GOTTEN = {"funnels": "step=a&step=b", "paths": "name=a"}
ASKED = ("breakdown", "retention", "sessions", "live", "web3/transactions", "web3/volume", "web3/conversion")
POSTED = {
    "breakdown": {"by": "name"},
    "funnels": {"steps": STEPS},
    "retention": {},
    "paths": {"start": {"name": "a"}},
    "sessions": {},
    "uniques": {},
}


def test_what_is_another_tenants_is_not_there(tenant, people):
    tenant.send([event(1)])
    stranger = people.sign_up()

    for question in (*ASKED, *GOTTEN):
        path = f"/analytics/{question}?client_id={tenant.client_id}&{GOTTEN.get(question, '')}"
        assert stranger.get(path).status == 404
        assert stranger.gateway.get(path).status == 401
    for question, body in POSTED.items():
        payload = body | {"client_id": tenant.client_id}
        assert stranger.post(f"/analytics/{question}", payload).status == 404
        assert stranger.gateway.post(f"/analytics/{question}", payload).status == 401


def test_a_client_without_events_gets_empty_answers(tenant):
    for question in ASKED:
        assert get(tenant, question, "" if question == "live" else DAY)["as_of"]
    for question, query in GOTTEN.items():
        assert get(tenant, question, f"{query}&{DAY}")["as_of"]
    for question, body in POSTED.items():
        assert ask(tenant, question, body)["as_of"]
