"""What a shape takes at all, before its fields are looked at."""

import pytest
from pydantic import ValidationError

from groundswell.http.schema import FIELDS_AT_MOST, In


class Inner(In):
    name: str = ""


class Outer(In):
    inner: Inner = Inner()


@pytest.mark.parametrize("within", [False, True])
def test_a_strangers_megabytes_of_fields_are_one_problem(within) -> None:
    many = {f"k{number}": 1 for number in range(FIELDS_AT_MOST + 1)}

    with pytest.raises(ValidationError) as refused:
        Outer.model_validate({"inner": many} if within else many)

    assert [error["msg"] for error in refused.value.errors()] == ["Value error, has more than 1000 fields"]
