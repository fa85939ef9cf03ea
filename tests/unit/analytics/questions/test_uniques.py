"""Counting persons: exact while few, within the stated error when many."""

import random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.analytics.questions.sketch import SPARSE, STANDARD_ERROR, Sketch
from groundswell.analytics.questions.uniques import ALWAYS_EXACT, ESTIMATED, EXACTLY, Distinct, uniques
from tests.fakes.rows import row

PEOPLE = st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 30).map(str))), max_size=200)


@given(PEOPLE)
def test_few_persons_are_counted_exactly(seen):
    distinct = Distinct[int]()
    for key, person in seen:
        distinct.add(key, person)

    for keys in ([0], [1, 2], [0, 1, 2, 3]):
        assert distinct.count(*keys) == len({person for key, person in seen if key in keys and person is not None})
    assert distinct.method == EXACTLY


def test_a_sketch_is_exact_as_long_as_it_is_small():
    sketch = Sketch(f"person {number % SPARSE}" for number in range(3 * SPARSE))

    assert sketch.exact
    assert sketch.count() == SPARSE


def test_a_large_sketch_keeps_its_standard_error():
    errors = [
        Sketch(f"{run} {size} {number}" for number in range(size)).count() / size - 1
        for size in (2_100, 5_000, 20_000, 60_000)
        for run in range(6)
    ]

    assert STANDARD_ERROR <= 0.01
    assert mean(error**2 for error in errors) ** 0.5 < 1.4 * STANDARD_ERROR
    assert abs(mean(errors)) < STANDARD_ERROR
    assert max(map(abs, errors)) < 4 * STANDARD_ERROR


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 4000))
def test_merged_sketches_are_the_sketch_of_both_and_survive_their_bytes(first, second, shared):
    left = [f"l {number}" for number in range(first)] + [f"s {number}" for number in range(shared)]
    right = [f"r {number}" for number in range(second)] + [f"s {number}" for number in range(shared)]

    merged = Sketch.from_bytes(Sketch(left).to_bytes())
    merged.merge(Sketch.from_bytes(Sketch(right).to_bytes()))

    assert merged.to_bytes() == Sketch(left + right).to_bytes()
    assert merged.count() == Sketch(left + right).count()


@pytest.mark.parametrize("data", [b"", b"\x02s", b"\x01d", b"\x01sabc", b"\x01d" + b"\xff" * 16384])
def test_bytes_of_another_version_are_refused(data):
    with pytest.raises(ValueError, match="sketch"):
        Sketch.from_bytes(data)


def test_beyond_the_memory_large_groups_are_estimated_and_small_ones_stay_exact():
    chosen, distinct = random.Random(1), Distinct[str](held=5_000)
    for number in range(40_000):
        distinct.add("many", f"person {number}")
        distinct.add("few", f"person {chosen.randrange(ALWAYS_EXACT)}")

    assert distinct.count("few") == ALWAYS_EXACT
    assert abs(distinct.count("many") / 40_000 - 1) < 4 * STANDARD_ERROR
    assert abs(distinct.count("many", "few") / 40_000 - 1) < 4 * STANDARD_ERROR
    assert distinct.method == ESTIMATED


def test_persons_are_counted_once_a_bucket_and_once_in_total():
    rows = [row(5, "a"), row(6, "a"), row(12, "a"), row(13, "b"), row(14, None)]

    counts = uniques(rows, [0, 10, 20])

    assert counts.persons == {0: 1, 10: 2, 20: 0}
    assert counts.events == {0: 2, 10: 3, 20: 0}
    assert (counts.total, counts.method) == (2, EXACTLY)
