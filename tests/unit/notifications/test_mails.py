"""Mails that tell what happened lead to pages that there are."""

import re
from datetime import UTC, datetime

import pytest

from groundswell.notifications.mails import notification_mail
from groundswell.notifications.model import Notification

NOW = datetime(2026, 11, 30, tzinfo=UTC)
TOLD = [
    Notification(f"n{number}", "u", "c", "task.assigned", f"Task {number} https://evil.example", "task", "t", NOW)
    for number in range(2)
]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("frontend", ["https://app.example", "https://app.example/"])
def test_each_line_links_to_the_frontend(count: int, frontend: str) -> None:
    mail = notification_mail("m", "ada@a.example", TOLD[:count], frontend)

    assert re.findall(r"\S+://\S+", mail.text) == ["https://app.example/tasks/t"] * count
    assert re.findall('href="([^"]+)"', mail.html or "") == ["https://app.example/tasks/t"] * count


def test_without_a_frontend_there_is_no_link_that_leads_nowhere() -> None:
    mail = notification_mail("m", "ada@a.example", TOLD, "")

    assert "/tasks" not in mail.text + (mail.html or "")
    assert "href" not in (mail.html or "")
    assert "Task 1" in mail.text
