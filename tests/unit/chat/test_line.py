"""Many who write into one thread at once: whoever gets to write takes others along."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groundswell.chat.line import OPERATIONS, TOGETHER, Line
from groundswell.chat.model import Answering, Message, MessageStatus, ReplyStatus, Role, Thread
from groundswell.chat.settings import ChatSettings
from groundswell.kernel.errors import PreconditionFailed

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
THREAD = Thread("thread", "client", "org", "ada", NOW, NOW)
SETTINGS = ChatSettings("client")


def waiting(number: int, **more) -> Message:
    plain = Message(f"m{number}", "client", "thread", 0, Role.USER, "ada", f"text {number}", MessageStatus.STORED, NOW)
    return replace(plain, **more)


class FakeLine:
    def __init__(self, *messages: Message) -> None:
        self.messages = list(messages)
        self.thread, self.kept, self.consequences = THREAD, list[Message](), 0
        self.marked = True

    def waiting(self, client_id, thread_id, since, limit):
        assert since < NOW + timedelta(seconds=30)
        return self.messages[:limit]

    def let_in(self, thread, messages, consequences, *, everybody) -> None:
        self.marked = not everybody
        self.thread, self.kept = thread, [*self.kept, *messages]
        self.consequences = len(consequences)
        ids = {message.id for message in messages}
        self.messages = [message for message in self.messages if message.id not in ids]


def test_those_in_front_go_in_together_in_their_order() -> None:
    store = FakeLine(*(waiting(number) for number in range(30)))
    line = Line(store, lambda: NOW)
    while store.messages:
        before = len(store.kept)
        line.move_up(store.thread, SETTINGS, store.messages[0])
        assert 0 < len(store.kept) - before <= TOGETHER
        assert 3 * (len(store.kept) - before) + store.consequences <= OPERATIONS
    assert [(message.id, message.sequence) for message in store.kept] == [(f"m{n}", n + 1) for n in range(30)]
    assert store.thread.last_sequence == 30


def test_newcomers_need_not_join_once_everybody_who_waited_is_in() -> None:
    store = FakeLine(*(waiting(number) for number in range(TOGETHER + 1)))
    line = Line(store, lambda: NOW)
    line.move_up(store.thread, SETTINGS, store.messages[0])
    assert store.marked, "as many as are read at once: more may stand behind them"
    line.move_up(store.thread, SETTINGS, store.messages[0])
    assert not store.marked


def test_it_is_for_the_first_in_line_to_write_and_for_others_once_that_one_is_silent() -> None:
    first, second, last = waiting(1), waiting(2), waiting(99)
    store = FakeLine(first, second)
    for own, seconds in ((second, 1.9), (last, 23.9)):
        with pytest.raises(PreconditionFailed):
            Line(store, lambda seconds=seconds: NOW + timedelta(seconds=seconds)).move_up(THREAD, SETTINGS, own)
    assert store.kept == []
    Line(store, lambda: NOW + timedelta(seconds=2)).move_up(THREAD, SETTINGS, second)
    assert [message.id for message in store.kept] == ["m1", "m2"]


def test_nobody_in_line_is_nothing_to_write() -> None:
    store = FakeLine()
    Line(store, lambda: NOW).move_up(THREAD, SETTINGS, waiting(1))
    assert store.kept == []


def test_whoever_waits_for_the_assistant_does_not_where_a_person_took_over_meanwhile() -> None:
    answer = waiting(1, role=Role.AGENT)
    store = FakeLine(answer, waiting(2, reply_status=ReplyStatus.PENDING))
    Line(store, lambda: NOW).move_up(THREAD, SETTINGS, answer)
    assert store.thread.answering is Answering.PEOPLE
    assert [message.reply_status for message in store.kept] == [ReplyStatus.NONE] * 2
