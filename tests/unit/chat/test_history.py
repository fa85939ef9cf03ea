"""A person's messages over several threads, by time, whichever page is asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.chat.history import page_of
from groundswell.chat.language import language_of
from groundswell.chat.model import Message, MessageStatus, Role, Thread

START = datetime(2026, 11, 30, tzinfo=UTC)
TIMES = st.lists(st.integers(0, 60), min_size=0, max_size=8)


def conversation(name: str, minutes: list[int]) -> tuple[Thread, list[Message]]:
    times = [START + timedelta(minutes=minute) for minute in sorted(minutes)]
    thread = Thread(name, "c", "o", "ada", times[0] if times else START, START)
    messages = [
        Message(f"{name}{n}", "c", name, n, Role.USER, "ada", "x", MessageStatus.STORED, at)
        for n, at in enumerate(times, 1)
    ]
    last = times[-1] if times else None
    return replace(thread, last_sequence=len(times), last_message_at=last), messages


@settings(max_examples=50)
@given(st.lists(TIMES, max_size=4), st.integers(0, 30), st.integers(1, 10))
def test_a_page_is_what_sorting_everything_would_give(threads, offset, limit):
    made = [conversation(f"t{number}", minutes) for number, minutes in enumerate(threads)]
    kept = {thread.id: messages for thread, messages in made}
    everything = sorted(
        (message for _, messages in made for message in messages), key=lambda m: (m.created_at, m.thread_id, m.sequence)
    )

    page = page_of(
        [thread for thread, _ in made], offset, limit, lambda name, first, last: iter(kept[name][first - 1 : last])
    )

    assert list(page) == everything[offset : offset + limit]


def test_of_threads_after_each_other_only_the_page_is_read():
    first, second = conversation("a", [1, 2, 3]), conversation("b", [10, 11, 12])
    read: list[tuple[str, int, int]] = []

    def reader(name, start, end):
        read.append((name, start, end))
        return iter({"a": first[1], "b": second[1]}[name][start - 1 : end])

    page = page_of([first[0], second[0]], 4, 1, reader)

    assert ([message.id for message in page], read) == (["b2"], [("b", 2, 2)])


def test_a_language_is_told_or_left_open():
    languages = {
        "Where is my order, please?": "en",
        "Wo ist meine Bestellung und wann kommt sie?": "de",
        "Bonjour, où est ma commande ?": "fr",
        "Где мой заказ?": "ru",
        "Де моє замовлення? Я її чекаю": "uk",
        "注文はどこですか": "ja",
        "ok": None,
        "12345": None,
    }

    assert {text: language_of(text) for text in languages} == languages
