"""The endpoints of the caller's own notifications."""

from functools import cache
from typing import Annotated, Any

from fastapi import Query

from functions.tasks.notifications.schemas import (
    ChoicesIn,
    NotificationOut,
    ReadAllOut,
    SettingOut,
    setting_out,
)
from groundswell.alerts import news as alert_news
from groundswell.chat import events as chat_events
from groundswell.creatives import events as creative_news
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, ok, whole_list
from groundswell.http.operation import operation
from groundswell.http.paging import Catalogue, NewestOnly
from groundswell.http.principal import User
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.leads import news as lead_news
from groundswell.notifications.service import NotificationService
from groundswell.notifications.store import DynamoNotificationStore
from groundswell.social import events as social_events
from groundswell.tasks import news
from groundswell.webhooks import news as webhook_news

router = create_router("Notifications")
KINDS = (
    *news.KINDS,
    *webhook_news.KINDS,
    *alert_news.KINDS,
    *chat_events.KINDS,
    *creative_news.KINDS,
    *social_events.KINDS,
    *lead_news.KINDS,
)
"""Of all features."""
_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c41",
    "client_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "kind": "task.assigned",
    "text": "You are to do: Review Facebook Ad Creative",
    "object_type": "task",
    "object_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c31",
    "created_at": "2026-11-22T09:00:00.000Z",
    "read_at": None,
}
_READ = {**_EXAMPLE, "read_at": "2026-11-22T10:00:00.000Z"}
_SETTING = {"kind": "task.assigned", "title": "A task was assigned to you", "in_app": True, "mail": True}
_CHOICES = {"kinds": {"task.assigned": {"mail": False}}}


@cache
def notification_service() -> NotificationService:
    return NotificationService(DynamoNotificationStore(), KINDS, utc_now)


Notifications = Annotated[NotificationService, provide(notification_service)]


@router.get("/notifications", **operation("notifications.list", response_example=[_EXAMPLE], errors=(401,)))
async def list_notifications(
    who: User,
    paging: NewestOnly,
    notifications: Notifications,
    unread: Annotated[bool, Query(description="Only what was not read")] = False,
) -> Listed[NotificationOut]:
    """Your notifications of the last 90 days, from all clients, newest first."""
    page = notifications.page(who.user_id, unread, paging.limit, paging.position(who.user_id))
    return paging.answer(who.user_id, page.map(NotificationOut.model_validate))


@router.post(
    "/notifications/read-all",
    **operation("notifications.read_all", response_example={"read_at": _READ["read_at"]}, errors=(401,)),
)
async def read_all(who: User, notifications: Notifications) -> Envelope[ReadAllOut]:
    """Mark all your notifications as read."""
    return ok(ReadAllOut(read_at=notifications.read_all(who.user_id)))


@router.get(
    "/notifications/preferences",
    **operation("notifications.preferences", response_example=[_SETTING], errors=(401,)),
)
async def list_preferences(who: User, page: Catalogue, notifications: Notifications) -> Listed[SettingOut]:
    """Every kind of notification, and where you are told of it."""
    return page.answer_in_order(who.user_id, [setting_out(setting) for setting in notifications.settings(who.user_id)])


@router.update(
    "/notifications/preferences",
    **operation(
        "notifications.choose",
        request_example=_CHOICES,
        response_example=[{**_SETTING, "mail": False}],
        errors=(401, 412),
    ),
)
async def choose(body: ChoicesIn, who: User, notifications: Notifications) -> Listed[SettingOut]:
    """Choose by kind whether you are told in the app and by mail. Kinds that are absent stay as they are."""
    return whole_list([setting_out(setting) for setting in notifications.choose(who.user_id, body.choices())])


@router.post(
    "/notifications/{notification_id}/read",
    **operation("notifications.read", response_example=_READ, errors=(401, 404)),
)
async def read(notification_id: str, who: User, notifications: Notifications) -> Envelope[NotificationOut]:
    """Mark one as read. Reading what was read changes nothing."""
    return ok(NotificationOut.model_validate(notifications.read(who.user_id, notification_id)))
