"""What is said of firings, and how much of it at once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from groundswell.alerts import news
from groundswell.alerts.instances import Instance, Notification, Status
from groundswell.alerts.model import Actions, Severity
from groundswell.alerts.slack import shown
from groundswell.alerts.state import Entry, Telling
from tests.unit.alerts.test_evaluation import NOW, alert


def entries(count: int, name: str = "campaign") -> list[Entry]:
    return [
        Entry(f"i{n}", {"campaign_id": f"{name}-{n}"}, Status.FIRING, Severity.WARNING, NOW, Decimal(2), Decimal(1))
        for n in range(count)
    ]


def test_of_thousands_of_firings_each_stands_in_exactly_one_mail_of_an_address_and_every_mail_fits_a_queue():
    watched = replace(alert(), actions=Actions(emails=("ada@x.example", "bo@x.example")))
    firings = entries(3000, "<campaign & more>")
    bodies = [
        message.body
        for number, portion in enumerate(news.portions(watched, firings))
        for message in news.mails(watched, portion, Telling(NOW, str(number)), "https://app.example")
    ]

    assert all(len(body.encode()) < 262_144 for body in bodies)
    for address in watched.actions.emails:
        mine = "".join(body.partition('"text":')[2].partition('"html":')[0] for body in bodies if address in body)
        assert all(mine.count(f"campaign & more>-{number})") == 1 for number in range(3000))


def test_a_mail_links_to_the_frontend_and_to_nothing_where_there_is_none():
    def text(frontend):
        watched = replace(alert(), actions=Actions(emails=("ada@x.example",)))
        [message] = news.mails(watched, entries(1), Telling(NOW, "1"), frontend)
        return message.body

    assert "https://app.example/alerts/" in text("https://app.example/")
    assert "/alerts/" not in text("")


def test_a_hundred_and_five_firings_are_one_mail():
    assert [len(portion) for portion in news.portions(alert(), entries(105))] == [105]


def test_slack_is_told_a_hundred_and_how_many_more_there_are():
    text = news.slack_text(alert(), entries(105))
    assert len(text.splitlines()) == 101
    assert text.endswith("… and 5 more")


def test_a_mail_is_queued_sent_or_unknown_as_the_mailer_says_and_failed_when_nobody_sent_it_for_a_day():
    sent = Notification("email", "ada@x.example", "queued", NOW, "m")
    instance = Instance(
        "i", "c", "a", "A", "cpc", Status.FIRING, Severity.WARNING, NOW, NOW, NOW, notifications=(sent,)
    )

    def state(known: dict[str, str], days: int) -> str:
        return instance.with_mails(known, NOW + timedelta(days=days)).notifications[0].state

    assert [state({"m": mail_state}, 0) for mail_state in ("claimed", "sent", "unknown")] == [
        "queued",
        "sent",
        "unknown",
    ]
    assert [state({}, days) for days in (0, 2, 40)] == ["queued", "failed", "unknown"]


def test_of_an_address_of_slack_the_host_and_the_last_letters_are_shown():
    assert shown("https://hooks.slack.com/services/T000/B000/verysecret") == "https://hooks.slack.com/***cret"
    assert shown("https://s.example/short") == "https://s.example/***"


def test_a_line_says_that_a_figure_is_provisional():
    watched = replace(alert(), actions=Actions(emails=("ada@x.example",)))
    [message] = news.mails(watched, [replace(entries(1)[0], provisional=True)], Telling(NOW, "1"), "")
    assert "cpc is 2 (provisional), > 1" in message.body
