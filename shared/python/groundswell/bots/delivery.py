"""Takes messages from the store to Telegram. What may have arrived is not sent again unasked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.bots.intake import Threads, note_blocked
from groundswell.bots.model import Bot, BotNotFound
from groundswell.bots.service import Messenger
from groundswell.bots.telegram import Button, Outcome, Refused, Sent, Throttled, Unknown, split_text
from groundswell.chat.jobs import Job
from groundswell.chat.model import Contact, Message, MessageStatus
from groundswell.kernel.errors import PreconditionFailed

LEASE = timedelta(seconds=150)
"""Longer than the worker may run: a message that is being sent for longer was left by a process that died."""


class DeliveryUnderWay(Exception):
    """Another process sends it."""


class DeliveryStore(Threads, Protocol):
    def at(self, client_id: str, thread_id: str, sequence: int, message_id: str = "") -> Message | None: ...


class Delivery:
    """`later` puts the job back for so many seconds; `unreachable` is told of chats that get nothing any more."""

    def __init__(
        self,
        store: DeliveryStore,
        bot: Callable[[str, str], Bot],
        messenger: Callable[[Bot], Messenger],
        unreachable: Callable[[Bot, str], None],
        later: Callable[[Job, int], None],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._bot = bot
        self._messenger = messenger
        self._unreachable = unreachable
        self._later = later
        self._now = now

    async def deliver(self, job: Job) -> MessageStatus | None:
        """None where there is nothing to send. Raises DeliveryUnderWay."""
        message = self._claimed(job)
        thread = self._store.thread(job.client_id, job.thread_id) if message else None
        if message is None or thread is None or thread.contact is None:
            return None
        try:
            bot = self._bot(job.client_id, thread.contact.bot_id)
        except BotNotFound:
            return self._settle(replace(message, status=MessageStatus.FAILED, reason="the bot is not connected"))
        return await self._send(bot, thread.contact, message, job)

    def _claimed(self, job: Job) -> Message | None:
        message = self._store.at(job.client_id, job.thread_id, job.sequence)
        if message is None:
            return None
        if message.status is MessageStatus.SENDING:
            self._left_behind(message)
            return None
        if message.status is not MessageStatus.PENDING:
            return None
        try:
            claimed = replace(message, status=MessageStatus.SENDING, claimed_at=self._now())
            return self._store.change(claimed)
        except PreconditionFailed as error:
            raise DeliveryUnderWay from error

    def _left_behind(self, message: Message) -> None:
        """Whoever sent it died between Telegram's answer and the note of it. Raises DeliveryUnderWay before that is
        sure."""
        if message.claimed_at and self._now() < message.claimed_at + LEASE:
            raise DeliveryUnderWay
        self._settle(replace(message, status=MessageStatus.UNKNOWN, reason="the sender died"))

    async def _send(self, bot: Bot, contact: Contact, message: Message, job: Job) -> MessageStatus:
        messenger, parts = self._messenger(bot), split_text(_whole(message))
        for number in range(message.parts_sent, len(parts)):
            buttons = _buttons(message) if number == len(parts) - 1 else None
            outcome = await messenger.send_message(
                contact.chat_id, parts[number], buttons, business_id=contact.business_id
            )
            if not isinstance(outcome, Sent):
                return self._not_sent(bot, contact, replace(message, parts_sent=number), outcome, job)
        return self._settle(replace(message, status=MessageStatus.SENT, parts_sent=len(parts)))

    def _not_sent(self, bot: Bot, contact: Contact, message: Message, outcome: Outcome, job: Job) -> MessageStatus:
        match outcome:
            case Throttled(seconds):
                status = self._settle(replace(message, status=MessageStatus.PENDING))
                self._later(job, seconds)
                return status
            case Refused() as refused:
                if refused.permanent:
                    self._unreachable(bot, contact.chat_id)
                    note_blocked(self._store, bot.client_id, message.thread_id, blocked=True, now=self._now())
                reason = f"{refused.reason}: {refused.text}"
                return self._settle(replace(message, status=MessageStatus.FAILED, reason=reason))
            case Unknown(reason):
                return self._settle(replace(message, status=MessageStatus.UNKNOWN, reason=reason))
            case _:
                raise TypeError(f"no outcome: {outcome}")

    def _settle(self, message: Message) -> MessageStatus:
        return self._store.change(replace(message, claimed_at=None)).status


def _whole(message: Message) -> str:
    return "\n\n".join(
        (message.text, *(f"{attachment.filename}: {attachment.url}" for attachment in message.attachments))
    )


def _buttons(message: Message) -> Any:
    rows = [[Button(button.text, button.command, button.url)] for button in message.buttons]
    return rows or None
