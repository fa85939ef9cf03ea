"""What a client says of its conversations."""

import pytest

from groundswell.chat.settings import FALLBACK, Assistant


@pytest.mark.parametrize(
    ("language", "start"),
    [("fr", "Merci de votre message"), ("en", "Thank you"), ("ja", "Thank you"), (None, "Thank you")],
)
def test_who_writes_in_a_language_is_told_in_it_that_people_will_answer(language: str | None, start: str) -> None:
    assert Assistant().fallback_in(language).startswith(start)


def test_the_clients_own_words_are_the_same_to_everybody() -> None:
    assert Assistant(fallback="We are asleep.").fallback_in("fr") == "We are asleep."
    assert Assistant(fallback=FALLBACK).fallback_in(None) == FALLBACK
