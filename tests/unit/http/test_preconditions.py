import asyncio

import pytest

from groundswell.http.preconditions import _expected_version
from groundswell.kernel.errors import Invalid, PreconditionFailed


def expected(header: str | None) -> int | None:
    return asyncio.run(_expected_version(header))


def test_a_strong_tag_is_the_version() -> None:
    assert expected(' "3" ') == 3
    assert expected('"3-18f00d"') == 3


def test_nothing_and_a_star_expect_nothing() -> None:
    assert expected(None) is None
    assert expected("*") is None


def test_a_weak_tag_never_matches() -> None:
    with pytest.raises(PreconditionFailed):
        expected('W/"3"')


@pytest.mark.parametrize(
    "header", ["3", '"three"', '"3", "4"', '"', '""', '"٣"', '"-1"', '"3-"', '"3-x"', '"3-1-1"', '"' + "1" * 20 + '"']
)
def test_what_is_no_tag_of_ours_is_bad_input(header: str) -> None:
    with pytest.raises(Invalid):
        expected(header)
