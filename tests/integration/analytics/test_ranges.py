"""`from` and `to` as people write them, whoever asks."""

import pytest

from tests.integration.analytics.tenant import Tenant


@pytest.fixture
def tenant(people):
    return Tenant(people.sign_up())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2026-03-01&to=2026-03-02", ["spring"]),
        ("from=2026-03-01&to=2026-03-02&tz=Pacific/Auckland", ["winter", "spring"]),
        ("from=2026-02&to=2026-03", ["winter"]),
        ("from=2026-02&to=2026-03&tz=America/Los_Angeles", ["winter", "spring"]),
        ("from=2026-03&to=2026-04&tz=America/Los_Angeles", []),
        ("from=2026-03-01T01:00%2B01:00&to=2026-03-01T00:01Z&tz=Europe/Berlin", ["spring"]),
        ("from=1772323200&to=1772323201", ["spring"]),
    ],
)
def test_dates_and_months_are_local_to_the_question(tenant, query, found):
    times = {"winter": "2026-02-28T23:30:00Z", "spring": "2026-03-01T00:00:00Z"}
    tenant.send([{"type": "track", "event": name, "userId": "ada", "timestamp": at} for name, at in times.items()])

    groups = tenant.person.get(f"/analytics/breakdown?client_id={tenant.client_id}&by=name&{query}").data["groups"]

    assert sorted(group["group"] for group in groups) == sorted(found)


def test_a_range_may_begin_so_long_before_now(tenant):
    tenant.send([{"type": "track", "event": "now", "userId": "ada"}])

    for query in (
        "from=today",
        "from=-7d",
        "from=-1w&tz=Asia/Tokyo",
        "from=-2h",
        "from=-15m",
        "from=-1d&tz=Europe/Berlin",
    ):
        answer = tenant.person.get(f"/analytics/breakdown?client_id={tenant.client_id}&by=name&{query}")
        assert (answer.status, [group["count"] for group in answer.data["groups"]]) == (200, [1]), query
