"""Visitors are written to in their own language, as it writes names of days and dates."""

from datetime import UTC, datetime

import pytest

from groundswell.visitors.dates import local_date, local_time
from groundswell.visitors.letters import LANGUAGES, language_of
from groundswell.visitors.model import Host
from groundswell.webinars.texts import TEXTS

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = Host("c", "o", "Acme")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Sunday, 1 March 2026"),
        ("de", "Sonntag, 1. März 2026"),
        ("es", "domingo, 1 de marzo de 2026"),
        ("fr", "dimanche 1er mars 2026"),
        ("it", "domenica 1 marzo 2026"),
        ("nl", "zondag 1 maart 2026"),
        ("pt", "domingo, 1 de março de 2026"),
    ],
)
def test_dates_are_in_the_order_of_the_language(language: str, written: str) -> None:
    assert local_date(FIRST, "UTC", language) == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_and_month_has_a_name(language: str) -> None:
    days = {local_date(datetime(2026, 6, day, tzinfo=UTC), "UTC", language).split()[0] for day in range(1, 8)}
    months = {local_date(datetime(2026, month, 2, tzinfo=UTC), "UTC", language) for month in range(1, 13)}

    assert (len(days), len(months)) == (7, 12)


def test_the_day_is_the_one_on_their_clocks() -> None:
    assert local_time(FIRST.replace(hour=23), "Europe/Lisbon", "pt").startswith("domingo, 1 de março de 2026, 23:00")
    assert local_time(FIRST.replace(hour=23), "Europe/Paris", "fr") == (
        "lundi 2 mars 2026, 00:00 (Europe/Paris, UTC+01:00)"
    )


@pytest.mark.parametrize(
    ("locale", "language"), [("fr-CH", "fr"), ("pt_BR", "pt"), ("NL", "nl"), ("tlh", "en"), ("", "en"), (None, "en")]
)
def test_who_speaks_no_language_of_ours_is_written_to_in_english(locale: str | None, language: str) -> None:
    assert language_of(locale) == language


def test_they_agree_to_what_they_can_read_and_to_the_clients_own_words_before_ours() -> None:
    assert TEXTS.consent(None, HOST, "fr-FR").startswith("J\u2019accepte que Acme utilise")
    assert TEXTS.consent("I do", HOST, "fr-FR") == "I do"


def test_a_language_that_is_read_is_read_once() -> None:
    assert TEXTS.by_locale("it-IT") is TEXTS.by_locale("it")
