"""Every file in events/ is fed to its function. A folder is named like the function, or stands here.

A feature may say more about its own samples in its own tests; here nothing crashes and every answer has its form.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from infra import catalogue
from infra.declarations import QueueTrigger, ScheduleTrigger, StreamTrigger
from tests.gateway import call_handler

EVENTS = Path(__file__).parents[3] / "events"
FUNCTIONS = {"outbox": "outbox_publisher"}
SAMPLES = sorted(str(path.relative_to(EVENTS).with_suffix("")) for path in EVENTS.glob("*/*.json"))
EXPECTED: dict[str, Any] = {
    "audience/list_anonymous": 401,
    "audience/list_with_garbage_token": 401,
    "audience_keeper/a_lead_that_changed": [],
    "audience_jobs/crossing_of_a_lead_that_is_gone": [],
    "audience_jobs/operation_that_is_none": [],
    "audience_jobs/two_operations_one_bad": [],
    "alert_worker/a_client_that_is_new": [],
    "alert_worker/a_task_that_was_completed": [],
    "alert_worker/an_alert_that_is_gone_twice_and_no_message": [],
    "alerts/list_anonymous": 401,
    "auth/change_password_anonymous": 401,
    "auth/forgot_password_of_nobody": 202,
    "auth/google_callback_not_configured": 409,
    "auth/login_with_code_that_is_none": 400,
    "auth/login_wrong_password": 401,
    "auth/malformed_json": 400,
    "auth/me_anonymous": 401,
    "auth/refresh_with_garbage": 401,
    "auth/register": (201, 409),  # whichever test came first
    "auth/register_claiming_a_tenant": 400,
    "auth/register_with_common_password": 400,
    "auth/sessions_anonymous": 401,
    "auth/token_form_of_nobody": 400,
    "campaign_sender/a_batch_twice_and_one_bad": [],
    "campaign_sender/a_bounce_at_ses_and_a_click_that_may_be_told": [],
    "campaign_sender/the_start_of_a_campaign_that_is_gone": [],
    "campaigns/list_anonymous": 401,
    "bots/list_anonymous": 401,
    "bots/update_with_a_wrong_secret": 401,
    "chat/send_anonymous": 401,
    "chat_history/list_anonymous": 401,
    "clients/create_with_api_key_as_token": 401,
    "clients/list_anonymous": 401,
    "clients/list_with_garbage_token": 401,
    "clients/unknown_method": 405,
    "conversations/a_message_that_is_due_and_gone": [],
    "conversations/a_reply_to_nothing_and_one_bad": [],
    "integrations/hook_of_nobody": 404,
    "integrations/list_anonymous": 401,
    "leads/list_anonymous": 401,
    "leads/list_with_garbage_token": 401,
    "media/list_anonymous": 401,
    "media/show_with_a_forged_token": 404,
    "cms/list_anonymous": 401,
    "content/a_review_of_a_creative_that_is_gone_twice_and_a_task_that_ended": [],
    "content/a_timer_of_a_page_that_is_gone_twice_and_two_bad": [],
    "creatives/list_anonymous": 401,
    "mailer/header_injection": [],
    "mailer/one_mail_delivered_twice": [],
    "mailer/two_mails_one_bad": [],
    "outbox/one_for_a_queue_nobody_knows": [],
    "outbox/two_messages": [],
    "question_jobs/operation_that_is_none": [],
    "question_jobs/two_operations_one_bad": [],
    "privacy/exports_anonymous": 401,
    "privacy_jobs/operation_that_is_none": [],
    "privacy_jobs/two_operations_one_bad": [],
    "public/invitation_that_is_none": 410,
    "public/page_of_nobody": 404,
    "public/reset_page_in_german": 200,
    "public/review_by_a_link_that_is_none": 404,
    "public/reset_without_a_password": 400,
    "public/verify_with_a_used_link": 410,
    "search/list_anonymous": 401,
    "search_jobs/a_recheck_of_a_verdict_that_is_gone": [],
    "search_jobs/operation_that_is_none": [],
    "search_jobs/two_operations_one_bad": [],
    "report_worker/a_schedule_that_is_gone_and_no_message": [],
    "reports/growth_anonymous": 401,
    "scoring/list_anonymous": 401,
    "sync_worker/a_sync_that_is_gone_twice_no_order_and_a_timer": [],
    "scoring/list_with_garbage_token": 401,
    "social/list_anonymous": 401,
    "social_publisher/a_post_that_is_gone": [],
    "system/docs": 200,
    "system/health": 200,
    "system/health_detailed": 200,
    "system/health_head_with_slash": 200,
    "system/info": 200,
    "system/loader_of_an_sdk": 404,
    "system/preflight": 204,
    "system/unknown_path": 404,
    "bookings/book_what_is_not_there": 404,
    "bookings/list_anonymous": 401,
    "business/seats_twice_and_no_message": [],
    "webinars/list_without_a_client": 401,
    "webinars/register_for_one_that_is_not_there": 404,
    "webhook_sender/a_retry_that_is_due_for_a_delivery_that_is_gone": [],
    "webhook_sender/an_event_twice_and_one_bad": [],
    "webhooks/create_anonymous": 401,
    "webhooks/replay_anonymous": 401,
}


def sample(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gets_an_answer_of_the_right_form(moto, name: str) -> None:
    folder = name.partition("/")[0]
    function = catalogue.function(FUNCTIONS.get(folder, folder))

    answer = call_handler(moto, function.name, sample(name))

    json.dumps(answer)
    match function.trigger:
        case QueueTrigger() | StreamTrigger():
            assert set(answer) == {"batchItemFailures"}
            assert EXPECTED.get(name) in (None, [failure["itemIdentifier"] for failure in answer["batchItemFailures"]])
        case ScheduleTrigger():
            pass
        case _:
            status = answer["statusCode"]
            assert status < 500, answer
            expected = EXPECTED.get(name, status)
            assert status in (expected if isinstance(expected, tuple) else (expected,))


def test_every_sample_that_is_expected_exists() -> None:
    assert set(EXPECTED) <= set(SAMPLES)


def test_every_edge_of_the_walking_skeleton_has_a_sample() -> None:
    folders = {FUNCTIONS.get(folder.name, folder.name) for folder in EVENTS.iterdir()}

    assert {"auth", "clients", "system", "mailer", "outbox_publisher", "ingest", "rollups", "reconcile"} <= folders
