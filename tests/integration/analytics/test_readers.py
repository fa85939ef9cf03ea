"""The readers over HTTP: what was sent is what is read, by whoever may read it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.integration.analytics.tenant import Tenant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def tenant(people):
    return Tenant(people.sign_up())


def event(number, **changes):
    return {
        "type": "track",
        "event": "viewed",
        "id": f"event {number}",
        "userId": f"user {number % 3}",
        "timestamp": (NOON + timedelta(seconds=number)).isoformat(),
    } | changes


def test_events_are_listed_newest_first_whatever_order_they_were_sent_in(tenant):
    numbers = [4, 1, 3, 0, 2]
    tenant.send([event(number) for number in numbers])
    tenant.send([event(7), event(1), event(6)])

    answer = tenant.events()

    assert answer.status == 200
    assert [event["id"] for event in answer.data] == [f"event {number}" for number in (7, 6, 4, 3, 2, 1, 0)]
    assert answer.json["meta"] == {"next_cursor": None, "has_more": False, "limit": 50}


def test_an_event_is_read_as_it_was_sent(tenant):
    body = (
        '{"type":"track","event":"paid","id":"1","timestamp":"2026-03-01T12:00:00.250Z","userId":"u","sessionId":"s",'
        '"properties":{"amount":1.10,"wei":115792089237316195423570985008687907853269984665640564039457584007913129639935}}'
    )
    tenant.person.gateway.post("/sdk/event", body.encode(), headers={"x-api-key": tenant.key("events:write")})
    tenant.count("0")

    answer = tenant.events()

    (read,) = answer.data
    assert (read["name"], read["ts"], read["user_id"], read["session_id"]) == (
        "paid",
        "2026-03-01T12:00:00.250Z",
        "u",
        "s",
    )
    assert read["kind"] == "track"
    assert read["received_at"].endswith("Z")
    assert b'"amount":1.10,' in answer.body
    assert read["properties"]["wei"] == 2**256 - 1


def test_whose_company_somebody_belongs_to_can_be_read_and_counted_by(tenant):
    group = {"type": "group", "groupId": "acme", "userId": "u", "messageId": "g1", "traits": {"plan": "team"}}
    headers = {"x-api-key": tenant.key("events:write")}
    tenant.person.gateway.post("=/v1/group", group, headers=headers)
    tenant.count("0")

    (read,) = tenant.events().data
    counted = tenant.person.get("/analytics/breakdown?by=extra.group_id").data

    assert (read["kind"], read["extra"]["group_id"], read["traits"]) == ("group", "acme", {"plan": "team"})
    assert counted["groups"] == [{"group": "acme", "count": 1, "value": 1}]


def test_pages_go_on_where_they_ended_while_new_events_come_in(tenant):
    tenant.send([event(number) for number in range(25)])
    seen, query = [], "limit=10"
    while query:
        answer = tenant.events(query)
        seen += [event["id"] for event in answer.data]
        tenant.send([event(100 + len(seen))])
        cursor = answer.json["meta"]["next_cursor"]
        assert ("link" in answer.headers) == (cursor is not None)
        query = f"limit=10&cursor={cursor}" if cursor else None

    assert seen == [f"event {number}" for number in range(24, -1, -1)]


def test_filters_are_exact_and_the_range_is_half_open(tenant):
    tenant.send([event(number, event="bought" if number % 2 else "viewed") for number in range(12)])

    def found(query):
        return [int(event["id"].split()[1]) for event in tenant.events(query).data]

    assert found("name=bought") == [11, 9, 7, 5, 3, 1]
    assert found("name=bought&user_id=user%201") == [7, 1]
    assert found("from=2026-03-01T12:00:03Z&to=2026-03-01T12:00:06Z") == [5, 4, 3]
    assert found("from=2026-03-01T13:00:09%2B01:00") == [11, 10, 9]
    assert found("name=nothing") == []


def test_web3_events_have_a_list_of_their_own(tenant):
    chained = {
        "type": "TX",
        "wallet_address": "0x52908400098527886E0F7030069857D2E4169EE7",
        "chain_id": "1",
        "event": None,
    }
    tenant.send([event(1), event(2, **chained)])

    web3 = tenant.events(path=tenant.events_path.replace("/events", "/web3-events")).data

    assert [event["id"] for event in web3] == ["event 2"]
    assert web3[0]["web3"]["account"] == "eip155:1:0x52908400098527886e0f7030069857d2e4169ee7"
    assert len(tenant.events().data) == 2


def test_a_series_counts_every_id_once_with_empty_buckets_as_zero(tenant):
    tenant.send([event(number) for number in range(90)])
    tenant.send([event(number) for number in range(60, 130)])

    answer = tenant.series("metric=events&from=2026-03-01T11:59:00Z&to=2026-03-01T12:04:00Z&granularity=minute")

    assert [(point["ts"], point["value"]) for point in answer.data["series"]] == [
        ("2026-03-01T11:59:00.000Z", 0),
        ("2026-03-01T12:00:00.000Z", 60),
        ("2026-03-01T12:01:00.000Z", 60),
        ("2026-03-01T12:02:00.000Z", 10),
        ("2026-03-01T12:03:00.000Z", 0),
    ]
    assert answer.data["total"] == 130
    as_of = datetime.fromisoformat(answer.data["as_of"])
    assert abs(datetime.now(UTC) - as_of) < timedelta(minutes=1)


def test_a_series_is_exact_at_both_edges(tenant):
    tenant.send([event(number) for number in range(90)])
    edges = "from=2026-03-01T12:00:10Z&to=2026-03-01T12:01:20.001Z"

    for granularity in ("minute", "hour", "day"):
        data = tenant.series(f"{edges}&granularity={granularity}&name=viewed").data
        assert data["total"] == 71
        assert sum(point["value"] for point in data["series"]) == 71
        assert tenant.series(f"{edges}&granularity={granularity}&name=other").data["total"] == 0


def test_a_day_is_a_local_one(tenant):
    times = ("2026-03-28T22:59:59", "2026-03-28T23:00:00", "2026-03-29T21:59:59", "2026-03-29T22:00:00")
    tenant.send([event(number, timestamp=f"{time}Z") for number, time in enumerate(times)])

    berlin = tenant.series(
        "metric=events&from=2026-03-28T00:00:00Z&to=2026-03-31T00:00:00Z&granularity=day&tz=Europe/Berlin"
    ).data["series"]

    assert [(point["ts"], point["value"]) for point in berlin] == [
        ("2026-03-28T00:00:00.000+01:00", 1),
        ("2026-03-29T00:00:00.000+01:00", 2),
        ("2026-03-30T00:00:00.000+02:00", 1),
        ("2026-03-31T00:00:00.000+02:00", 0),
    ]


def test_a_series_may_be_compared_with_the_period_before(tenant):
    tenant.send([event(number) for number in range(90)])
    minute = "from=2026-03-01T12:01:00Z&to=2026-03-01T12:02:00Z&granularity=minute"

    data = tenant.series(f"{minute}&compare=previous").data

    assert (data["total"], data["previous"]["total"]) == (30, 60)
    assert data["previous"]["series"] == [{"ts": "2026-03-01T12:00:00.000Z", "value": 60, "count": 60}]


def test_without_a_range_a_series_ends_now(tenant):
    tenant.send([{"type": "track", "event": "now"}])

    for granularity, buckets in (("minute", 60), ("hour", 24), ("day", 30), ("week", 12), ("month", 12)):
        data = tenant.series(f"granularity={granularity}").data
        assert (data["total"], len(data["series"])) == (1, buckets)
        assert data["series"][-1]["value"] == 1


def test_a_client_without_events_has_series_of_zeros(tenant):
    data = tenant.series("metric=events").data

    assert (data["total"], len(data["series"])) == (0, 24)
    assert tenant.series("metric=revenue").data["total"] == 0
    assert tenant.events().data == []


BAD_QUESTIONS = {
    "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z": "to",
    "from=2026-03-01T00:00:00Z&to=2026-03-01T00:00:00Z": "to",
    "from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z&granularity=minute": "granularity",
    "granularity=fortnight": "granularity",
    "tz=Mars/Olympus": "tz",
    "measure=average": "measure",
    "compare=next": "compare",
    "from=1970-01-01T00:00:00Z&to=1970-01-02T00:00:00Z&compare=previous": "compare",
    "from=yesterday": "from",
}
BAD_LISTS = ("limit=1001", "limit=0", "cursor=nonsense", "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z")


def test_a_question_that_cannot_be_answered_names_its_field(tenant):
    answers = {query: tenant.series(query) for query in BAD_QUESTIONS}

    assert {answer.status for answer in answers.values()} == {400}
    assert {query: answer.json["error"]["field"] for query, answer in answers.items()} == BAD_QUESTIONS


def test_a_list_that_cannot_be_made_is_refused(tenant):
    assert [tenant.events(query).status for query in BAD_LISTS] == [400] * len(BAD_LISTS)


def test_a_cursor_is_good_for_its_own_list_only(tenant, people):
    tenant.send([event(number) for number in range(5)])
    cursor = tenant.events("limit=2").json["meta"]["next_cursor"]
    other = Tenant(people.sign_up())

    assert tenant.events(f"limit=2&cursor={cursor}").status == 200
    assert tenant.events(f"limit=2&name=viewed&cursor={cursor}").status == 400
    assert other.events(f"limit=2&cursor={cursor}").status == 400
    for at in range(0, len(cursor), 9):
        flipped = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        assert tenant.events(f"limit=2&cursor={flipped}").status == 400


def test_what_is_another_tenants_is_not_there(tenant, people):
    tenant.send([event(1)])
    stranger = people.sign_up()
    paths = [
        tenant.events_path,
        tenant.events_path.replace("/events", "/web3-events"),
        f"/analytics/metrics/?client_id={tenant.client_id}",
    ]

    for path in paths:
        assert stranger.get(path).status == 404
        assert stranger.get(path).code == stranger.get(path.replace(tenant.client_id, str(uuid4()))).code
        assert stranger.gateway.get(path).status == 401
    body = {"client_id": tenant.client_id, "name": "revenue", "value": 1}
    assert stranger.post("/analytics/metrics/", body).status == 404
    assert stranger.gateway.post("/analytics/metrics/", body).status == 401


def point(value, **changes):
    return {"name": "revenue", "value": value, "ts": "2026-03-01T12:00:00Z"} | changes


def recorded(tenant, body, **headers):
    return tenant.person.post("/analytics/metrics/", body | {"client_id": tenant.client_id}, headers=headers)


WEEK = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&granularity=day"


def test_custom_metrics_are_read_back_at_once_and_summed_exactly(tenant):
    for value in (0.1, 0.2, "0.000000000000000001", "115792089237316195423570985008687907853"):
        answer = recorded(tenant, point(value))
        assert answer.status == 201, answer.body

    answer = tenant.series(f"metric=revenue&{WEEK}")
    assert b'"total":115792089237316195423570985008687907853.300000000000000001' in answer.body
    assert answer.data["count"] == 4
    assert tenant.series(f"metric=other&{WEEK}").data["total"] == 0
    assert tenant.series(f"metric=events&{WEEK}").data["total"] == 0
    assert tenant.events().data == []


def test_a_metric_point_is_recorded_once_per_id_and_once_per_idempotency_key(tenant):
    for _ in range(3):
        assert recorded(tenant, point(1, id="same")).status == 201
        assert recorded(tenant, point(10), **{"idempotency-key": "k"}).status == 201
    recorded(tenant, point(100), **{"idempotency-key": "other"})

    assert tenant.series(f"metric=revenue&{WEEK}").data["total"] == 111


def test_a_server_may_record_metrics_with_a_key_of_that_scope(tenant):
    gateway = tenant.person.gateway
    for scope, status in (("metrics:write", 201), ("events:write", 403)):
        answer = gateway.post("/analytics/metrics", point(5), headers={"x-api-key": tenant.key(scope)})
        assert answer.status == status

    tenant.count("m")
    assert tenant.series(f"metric=revenue&{WEEK}").data["total"] == 5


BAD_POINTS = [
    ({"name": ""}, "name"),
    ({"name": "events"}, "name"),
    ({"value": "NaN"}, "value"),
    ({"value": "1E+999999999"}, "value"),
    ({"value": "1e-40"}, "value"),
    ({"value": None}, "value"),
    ({"ts": "1912-01-01T00:00:00Z"}, "ts"),
    ({"surprise": 1}, "surprise"),
]


def test_a_point_that_cannot_be_summed_is_refused(tenant):
    for changes, field in BAD_POINTS:
        answer = recorded(tenant, point(1) | changes)
        assert (answer.status, answer.json["error"]["field"]) == (400, field)
    assert recorded(tenant, point(1, dimensions={"a": {"b": 1}})).status == 400


def test_many_points_in_one_bucket_are_one_sum(tenant):
    for number in range(40):
        recorded(tenant, point(number, id=str(number), dimensions={"plan": "team"}))

    assert tenant.series(f"metric=revenue&{WEEK}").data["total"] == sum(range(40))
    assert json.dumps(tenant.series(f"metric=revenue&{WEEK}").data["series"]).count("2026-03-01T00") == 1


def order(number, **properties):
    return event(number, event="Order Completed", properties=properties)


def test_revenue_is_summed_exactly_and_each_currency_for_itself(tenant):
    tenant.send([order(1, revenue=0.1, currency="EUR"), order(2, revenue="0.20", currency="EUR"), order(3)])
    query = "metric=events&measure=sum&name=Order%20Completed&from=2026-03-01T12:00:00Z&to=2026-03-01T13:00:00Z"

    euros = tenant.series(query).data
    assert (euros["total"], euros["currency"], euros["count"]) == (0.3, "EUR", 3)
    assert euros["series"][0]["sums"] == {"EUR": 0.3}

    tenant.send([order(4, revenue=1000, currency="JPY"), order(5, total=7)])
    mixed = tenant.series(query).data
    assert (mixed["total"], mixed["currency"]) == (None, None)
    assert mixed["sums"] == {"EUR": 0.3, "JPY": 1000, "XXX": 7}
    assert mixed["series"][0]["value"] is None
    assert tenant.series(f"{query}&currency=EUR").data["total"] == 0.3
    assert tenant.series(query.replace("sum", "count")).data["total"] == 5


def test_a_shops_sums_are_what_it_kept_by_one_name_and_by_all(tenant):
    names = ["Product Added", "Checkout Started", "Order Completed", "Order Updated", "Order Refunded"]
    properties = {"total": 100, "value": 100, "currency": "EUR"}
    tenant.send([event(number, event=name, properties=properties) for number, name in enumerate(names)])
    tenant.send([event(9, event="Order Refunded", properties=properties | {"total": "-20.5"})])
    query = "from=2026-03-01T12:00:00Z&to=2026-03-01T13:00:00Z"

    whole = tenant.series(f"metric=events&measure=sum&{query}").data
    refunds = tenant.series(f"metric=events&measure=sum&name=Order%20Refunded&{query}").data
    groups = tenant.person.get(f"/analytics/breakdown?client_id={tenant.client_id}&by=name&measure=sum&{query}").data

    assert (whole["total"], refunds["total"], groups["total"]["value"]) == (-20.5, -120.5, -20.5)
    assert {group["group"]: group["value"] for group in groups["groups"] if group["value"]} == {
        "Order Completed": 100,
        "Order Refunded": -120.5,
    }


def test_the_clients_own_sites_refer_nobody(tenant):
    own = {"website": "https://www.brand.example", "allowed_origins": ["https://pay.example"]}
    answer = tenant.person.put(f"/clients/{tenant.client_id}", own)
    assert answer.status == 200, answer.body
    referrers = ["https://brand.example/", "https://www.pay.example/back", "https://www.search.example/?q=1"]
    pages = [{"url": "https://shop.example/", "referrer": referrer} for referrer in referrers]

    tenant.send([event(at, context={"page": page}) for at, page in enumerate(pages)])

    domains = [event["context"].get("referrer", {}).get("domain") for event in tenant.events().data]
    assert sorted(domains, key=str) == [None, None, "search.example"]


def test_addresses_are_shown_as_eip_55_spells_them(tenant):
    address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    tenant.send([event(1, event="connect", properties={"chain_id": 1, "wallet_address": address.lower()})])

    (shown,) = tenant.events().data
    assert (shown["web3"]["address"], shown["web3"]["address_eip55"]) == (address.lower(), address)
    assert "warnings" not in shown["web3"]


def test_an_address_whose_case_is_wrong_is_shown_with_a_warning(tenant):
    for number, address in enumerate(
        ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]
    ):
        tenant.send([event(number, event="connect", properties={"chain_id": 1, "wallet_address": address})])

    assert [event["web3"].get("warnings") for event in tenant.events().data] == [["address_checksum"], None]


def test_a_transaction_that_site_and_server_report_counts_once(tenant):
    properties = {"chain_id": 1, "transaction_hash": "0x" + "ab" * 32, "status": "confirmed"}
    tenant.send([event(1, event="transaction", properties=properties)])
    tenant.send([event(2, event="Paid", properties=properties | {"chain_id": "eip155:1"}), event(3)])

    assert [event["id"] for event in tenant.events().data] == ["event 3", "event 1"]


def test_a_page_of_large_events_is_short_and_goes_on(tenant):
    """A Lambda function may answer 6 MB, in which every quotation mark counts twice."""
    large = {"text": '"' * 14_000}
    for start in range(0, 140, 10):
        tenant.send([event(number, properties=large, userId="ada") for number in range(start, start + 10)])

    for path in (tenant.events_path, "/analytics/persons/ada/events"):
        seen, query = [], f"{path}?client_id={tenant.client_id}&limit=1000"
        while query:
            answer = tenant.person.get(query)
            assert answer.status == 200
            assert len(json.dumps(answer.body.decode())) < 6 * 1024 * 1024
            seen += [event["id"] for event in answer.data]
            cursor = answer.json["meta"]["next_cursor"]
            query = cursor and f"{path}?client_id={tenant.client_id}&limit=1000&cursor={cursor}"
        assert (len(seen), len(set(seen))) == (140, 140)
    assert len(tenant.person.get("/analytics/live?limit=100").data["events"]) < 100
