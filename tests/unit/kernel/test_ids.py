from uuid import UUID

from groundswell.kernel.ids import new_id, new_secret


def test_ids_are_version_7_uuids() -> None:
    made = UUID(new_id())

    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_ids_sort_by_the_millisecond_they_were_made_in(monkeypatch) -> None:
    times = iter(range(1_800_000_000_000, 1_800_000_000_100))
    monkeypatch.setattr("groundswell.kernel.ids.time.time_ns", lambda: next(times) * 1_000_000)

    made = [new_id() for _ in range(100)]

    assert made == sorted(made)


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_a_secret_has_the_randomness_asked_for() -> None:
    assert len(new_secret(32)) == 43
    assert new_secret() != new_secret()
