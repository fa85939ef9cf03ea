"""What Telegram's answers mean, and how long texts are cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.bots.telegram import Refused, TelegramRefused, Throttled, Unknown, refusal_of, split_text


@pytest.mark.parametrize(
    ("status", "text", "parameters", "outcome"),
    [
        (429, "Too Many Requests: retry after 5", {"retry_after": 5}, Throttled(5)),
        (429, "Too Many Requests", None, Throttled(1)),
        (502, "Bad Gateway", None, Unknown("Bad Gateway")),
    ],
)
def test_what_was_not_sent_for_now(status, text, parameters, outcome):
    assert refusal_of(TelegramRefused(status, text, parameters)) == outcome


@pytest.mark.parametrize(
    ("status", "text", "reason", "permanent"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked", True),
        (403, "Forbidden: user is deactivated", "deactivated", True),
        (403, "Forbidden: bot was kicked from the group chat", "kicked", True),
        (400, "Bad Request: chat not found", "chat_not_found", True),
        (400, "Bad Request: message text is empty", "bad_request", False),
        (401, "Unauthorized", "unauthorized", False),
    ],
)
def test_a_dead_chat_is_told_from_a_bad_message(status, text, reason, permanent):
    assert refusal_of(TelegramRefused(status, text)) == Refused(reason, permanent, text)


def test_long_texts_are_cut_where_a_reader_would_pause():
    text = "First paragraph.\n\nSecond one. It goes on, and on."

    assert split_text(text, 30) == ("First paragraph.", "Second one. It goes on, and", "on.")
    assert split_text("short") == ("short",)


@settings(max_examples=50)
@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(2, 40))
def test_every_part_fits_and_no_word_is_lost(text, longest):
    parts = split_text(text, longest)

    assert all(len(part.encode("utf-16-le")) // 2 <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
