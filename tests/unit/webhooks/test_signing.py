"""Receivers verify with a library that none of us wrote."""

import time

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from groundswell.webhooks.signing import signed_headers, spelled_secret

_BODY = '{"type":"task.completed","data":{"name":"Ü"}}'.encode()


def test_a_standard_receiver_verifies_what_we_sign() -> None:
    headers = signed_headers("e1", int(time.time()), _BODY, [b"s" * 32])

    assert Webhook(spelled_secret(b"s" * 32)).verify(_BODY.decode(), headers)["type"] == "task.completed"


@pytest.mark.parametrize("secret", [b"n" * 32, b"o" * 32])
def test_while_a_secret_is_replaced_both_hold(secret: bytes) -> None:
    headers = signed_headers("e1", int(time.time()), _BODY, [b"n" * 32, b"o" * 32])

    assert Webhook(spelled_secret(secret)).verify(_BODY.decode(), headers)


def test_a_changed_body_or_another_secret_is_refused() -> None:
    headers = signed_headers("e1", int(time.time()), _BODY, [b"s" * 32])

    with pytest.raises(WebhookVerificationError):
        Webhook(spelled_secret(b"s" * 32)).verify(_BODY.decode() + " ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(spelled_secret(b"x" * 32)).verify(_BODY.decode(), headers)
