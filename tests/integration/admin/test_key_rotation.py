"""The signing key is rotated once for each due time, wherever the function dies on the way."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.calls import Crash
from tests.gateway import call_handler

STEPS = ("PutItem", "GetSecretValue", "PutSecretValue", "UpdateItem")


def due(number: int) -> dict[str, str]:
    at = datetime(2030, 1, 1, tzinfo=UTC) + timedelta(days=30 * number)
    return {"schedule": "key_rotation", "due": at.isoformat()}


def keys(backend) -> dict:
    secret = backend.resources.secrets["signing"]
    return json.loads(backend.aws.secrets.get_secret_value(SecretId=secret)["SecretString"])


def test_a_rotation_makes_the_calls_that_the_sweep_breaks(moto, calls, advance) -> None:
    with calls.counted() as made:
        call_handler(moto, "key_rotation", due(0))

    assert tuple(made) == STEPS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
def test_a_rotation_that_dies_anywhere_is_made_up_for_by_the_retry(moto, calls, advance, step, after) -> None:
    event = due(1 + 2 * step + after)
    before = keys(moto)
    with pytest.raises(Crash), calls.crashing(step, after=after):
        call_handler(moto, "key_rotation", event)

    advance(minutes=1)
    call_handler(moto, "key_rotation", event)

    now = keys(moto)
    assert now["kid"] != before["kid"]
    assert now["previous"]["kid"] == before["kid"]
    assert call_handler(moto, "key_rotation", event) == {"rotated": False}
