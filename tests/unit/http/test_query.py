"""Parameters that nobody declared are named with the nearest that is."""

import pytest

from groundswell.http.query import nearest, need_known
from groundswell.kernel.errors import Invalid

SERIES = {"metric": False, "name": False, "from": False, "to": False, "granularity": False, "timezone": False}
LIST = {"limit": False, "cursor": False, "sort": False, "q": False, "status": True, "client_id": False}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("granularty", "granularity"),
        ("Granularity", "granularity"),
        ("event_name", "name"),
        ("metrics", "metric"),
        ("start", "from"),
        ("until", "to"),
        ("time-zone", "timezone"),
        ("tz", "timezone"),
        ("clientId", "client_id"),
        ("page_size", "limit"),
        ("offset", "cursor"),
        ("search", "q"),
        ("order_by", "sort"),
        ("states", "status"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_what_was_probably_meant(written: str, meant: str | None) -> None:
    assert nearest(written, SERIES | LIST) == meant


def problems(*received: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Invalid) as refused:
        need_known(received, SERIES | LIST)
    return [(problem.field, problem.code, problem.message) for problem in refused.value.problems]


def test_every_unknown_name_is_said_once_with_what_was_meant() -> None:
    assert problems("from", "granularty", "zzz", "granularty") == [
        ("granularty", "unknown", "no such parameter: did you mean granularity?"),
        (
            "zzz",
            "unknown",
            "no such parameter: this takes client_id, cursor, from, granularity, limit, metric, name, q, sort, status, "
            "timezone, to",
        ),
    ]


def test_only_a_list_may_come_twice() -> None:
    need_known(["status", "status", "from"], SERIES | LIST)

    assert problems("status", "from", "status", "from") == [("from", "repeated", "give it once: it takes one value")]


def test_what_takes_nothing_says_so() -> None:
    with pytest.raises(Invalid) as refused:
        need_known(["where"], {})

    assert refused.value.problems[0].message == "this takes no parameters"


def test_of_thousands_of_names_some_are_answered_for() -> None:
    assert len(problems(*map(str, range(5_000)))) == 20
    assert len(problems("x" * 100_000)[0][0]) == 64
