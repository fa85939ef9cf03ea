import pytest

from groundswell.http.idempotency import parse_key
from groundswell.kernel.errors import Invalid


@pytest.mark.parametrize("header", ['"8e03978e-40d5"', "8e03978e-40d5", ' "8e03978e-40d5" '])
def test_a_key_may_be_quoted_or_not(header: str) -> None:
    assert parse_key(header) == "8e03978e-40d5"


@pytest.mark.parametrize("header", ["", '""', '"a"b', "a b", "a" * 256, '"ä"', "a\x00b"])
def test_anything_else_is_bad_input(header: str) -> None:
    with pytest.raises(Invalid):
        parse_key(header)
