"""What can be done with notifications, and how users come to be told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.notifications.mails import notification_mail
from groundswell.notifications.message import Kind, Notice
from groundswell.notifications.model import (
    GROUPED_FOR,
    Choice,
    Group,
    Notification,
    NotificationNotFound,
    Preferences,
    Recipient,
    Setting,
    notification_of,
)


class NotificationStore(Protocol):
    def page(self, user_id: str, unread: bool, limit: int, position: Position | None) -> Page[Notification]:
        """Newest first."""

    def find(self, user_id: str, notification_id: str) -> Notification | None: ...

    def mark(self, notification: Notification) -> Notification: ...

    def mark_all(self, user_id: str, now: datetime) -> None:
        """Whatever was there by then is read."""

    def preferences(self, user_id: str) -> Preferences: ...

    def save_preferences(self, preferences: Preferences) -> Preferences:
        """Raises PreconditionFailed if someone else wrote first."""


class NotificationService:
    def __init__(self, store: NotificationStore, kinds: Sequence[Kind], now: Callable[[], datetime]) -> None:
        self._store = store
        self._kinds = {kind.name: kind for kind in kinds}
        self._now = now

    def page(self, user_id: str, unread: bool, limit: int, position: Position | None) -> Page[Notification]:
        return self._store.page(user_id, unread, limit, position)

    def read(self, user_id: str, notification_id: str) -> Notification:
        """Reading what was read changes nothing. Raises NotificationNotFound."""
        notification = self._store.find(user_id, notification_id) if can_be_id(notification_id) else None
        if notification is None:
            raise NotificationNotFound
        return notification if notification.read_at else self._store.mark(replace(notification, read_at=self._now()))

    def read_all(self, user_id: str) -> datetime:
        """Up to when."""
        now = self._now()
        self._store.mark_all(user_id, now)
        return now

    def settings(self, user_id: str) -> list[Setting]:
        """Every kind there is."""
        chosen = self._store.preferences(user_id)
        return [
            Setting(kind, chosen.in_app(kind.name), chosen.mail(kind.name, kind.mail)) for kind in self._kinds.values()
        ]

    def choose(self, user_id: str, choices: Mapping[str, Choice]) -> list[Setting]:
        """By kind; what is None stays as it is. Raises Invalid for a kind that nobody declared."""
        for name in choices:
            if name not in self._kinds:
                raise Invalid.on(name, f"no such kind: one of {', '.join(sorted(self._kinds))}", "unknown")
        before = self._store.preferences(user_id)
        merged = {name: _merged(before.choices.get(name, Choice()), choice) for name, choice in choices.items()}
        self._store.save_preferences(replace(before, choices={**before.choices, **merged}))
        return self.settings(user_id)


def _merged(before: Choice, choice: Choice) -> Choice:
    return Choice(
        before.in_app if choice.in_app is None else choice.in_app,
        before.mail if choice.mail is None else choice.mail,
    )


class TellingStore(Protocol):
    def recipients(self, user_ids: Sequence[str]) -> list[Recipient]:
        """Those who are there and active."""

    def add(
        self, notification: Notification, shown: bool, group: Group | None, waits: bool, messages: Sequence[Message]
    ) -> bool:
        """False if it was added before. `group` is written if it is new, and kept if the notification `waits` in it.

        Raises PreconditionFailed if the group changed meanwhile.
        """

    def waiting(self, user_id: str, ends_at: datetime) -> list[Notification]:
        """What a group has collected, in order."""

    def sent(self, ends_at: datetime, waiting: Sequence[Notification], messages: Sequence[Message]) -> None:
        """The mail leaves and nothing waits any more, together."""


class Telling:
    """What the worker of the queue does. Safe to repeat: a notification is added once, with its mail or not at all."""

    def __init__(self, store: TellingStore, now: Callable[[], datetime], frontend_url: str) -> None:
        self._store = store
        self._now = now
        self._frontend_url = frontend_url

    def tell(self, notice: Notice) -> int:
        """How many users were told now."""
        return sum(self._tell(notice, recipient) for recipient in self._store.recipients(notice.user_ids))

    def _tell(self, notice: Notice, to: Recipient) -> bool:
        notification = notification_of(notice, to.user_id)
        shown, mailed = to.preferences.in_app(notice.kind), to.preferences.mail(notice.kind, notice.mail)
        if not mailed:
            return shown and self._store.add(notification, True, None, False, ())
        now = self._now()
        if to.group is not None and to.group.takes(now):
            return self._store.add(notification, shown, to.group, True, ())
        group = Group(to.user_id, now + GROUPED_FOR, to.group.version if to.group else 0)
        mail = notification_mail(f"{notification.id}-mail", to.email, [notification], self._frontend_url)
        return self._store.add(notification, shown, group, False, (mail.to_message(),))

    def send_group(self, user_id: str, ends_at: datetime) -> int:
        """The one mail for what was collected; how many it tells of. Nothing, where that was sent before."""
        waiting = self._store.waiting(user_id, ends_at)
        recipient = next(iter(self._store.recipients([user_id])), None)
        if not waiting:
            return 0
        messages: list[Message] = []
        if recipient is not None:
            mail_id = f"{waiting[0].id}-mails"
            messages = [notification_mail(mail_id, recipient.email, waiting, self._frontend_url).to_message()]
        self._store.sent(ends_at, waiting, messages)
        return len(waiting)
