from datetime import timedelta

import pytest

from groundswell.kernel.durations import parse_duration, spell_duration


@pytest.mark.parametrize("text", ["15m", "6h", "1d", "90m", "0m", "45s"])
def test_a_length_of_time_comes_back_as_it_was_written(text):
    assert spell_duration(parse_duration(text)) == text


def test_it_is_spelled_in_the_largest_unit_that_fits():
    assert [spell_duration(timedelta(hours=hours)) for hours in (24, 36, 168)] == ["1d", "36h", "7d"]


@pytest.mark.parametrize("text", ["", "15", "m", "-1h", "1.5h", "1 h", "1y", "99999999m"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="15m"):
        parse_duration(text)
