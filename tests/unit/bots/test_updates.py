"""Telegram's updates as they are read."""

import pytest

from groundswell.bots.updates import Kind, parse_update
from groundswell.kernel.errors import Invalid

CHAT = {"id": 7, "type": "private"}
SENDER = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "de-AT"}


def message(**more):
    return {"message_id": 2, "from": SENDER, "chat": CHAT, "date": 1796040000, **more}


def test_a_command_is_read_with_its_payload_and_without_the_bots_name():
    update = parse_update({"update_id": 1, "message": message(text="/Start@acme_bot  spring sale"), "new_field": {}})

    assert (update.kind, update.chat_id, update.language, update.command) == (
        Kind.MESSAGE,
        "7",
        "de",
        ("start", "spring sale"),
    )


def test_files_are_shown_as_what_they_are_with_their_captions():
    shown = [
        parse_update({"update_id": 1, "message": message(photo=[], **more)}).shown for more in ({}, {"caption": "Us"})
    ]

    assert shown == ["[photo]", "Us"]


def test_a_business_message_of_the_account_itself_is_told_from_the_contacts():
    ours = message(**{"from": {"id": 1}}, text="Hi", business_connection_id="b")

    assert parse_update({"update_id": 1, "business_message": ours}).by_ourselves
    assert not parse_update({"update_id": 1, "business_message": message(business_connection_id="b")}).by_ourselves


def test_what_is_not_known_is_passed_over():
    assert parse_update({"update_id": 1, "poll": {}}).kind is Kind.OTHER


@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        {},
        {"update_id": "1"},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": {"chat": {"id": "x"}, "message_id": 1}},
        {"update_id": 1, "message": message(date=10**20)},
        {"update_id": 1, "my_chat_member": {"chat": CHAT}},
    ],
)
def test_what_is_no_update_is_refused(update):
    with pytest.raises(Invalid):
        parse_update(update)
