"""Comments and mentions."""

import json

import pytest


def told(moto) -> dict[str, set[str]]:
    """Who is told of what, by kind, as the outbox has it."""
    outbox = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    notices = [json.loads(message["body"]["S"]) for message in outbox if message["queue"]["S"] == "notifications"]
    users_by_kind: dict[str, set[str]] = {}
    for notice in notices:
        users_by_kind.setdefault(notice["kind"], set()).update(notice["user_ids"])
    return users_by_kind


def test_whoever_is_mentioned_is_told_and_strangers_are_named_as_such(moto, ada, colleague, make, people):
    grace, stranger = colleague("viewer"), people.sign_up()
    at = f"/tasks/{make(ada)['id']}/comments"

    content = f"@{grace.id}, please ask @{stranger.email} or @{stranger.id} or @somebody. Write to a@b.example"
    answer = ada.post(at, {"content": content})

    assert answer.status == 201
    assert answer.data["mentions"] == [grace.id]
    assert answer.data["unknown_mentions"] == [stranger.email, stranger.id, "somebody"]
    assert grace.id in told(moto)["task.mentioned"]
    assert stranger.id not in told(moto)["task.mentioned"]
    assert ada.get(at).data == [answer.data]
    assert ada.get(f"/tasks/comments/{answer.data['id']}").data == answer.data


def test_only_the_author_edits_and_who_is_mentioned_newly_is_told_once(moto, ada, colleague, make):
    grace, editor = colleague("member"), colleague("editor")
    on = {"X-Client-Id": ada.client_id}
    comment = ada.post(f"/tasks/{make(ada)['id']}/comments", {"content": "Well"}).data
    at = f"/tasks/comments/{comment['id']}"

    first = ada.call("PATCH", at, {"content": f"Well, @{grace.email}"})
    ada.call("PATCH", at, {"content": f"Well, well, @{grace.email}"})

    outbox = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
    assert (
        len(
            [
                message
                for message in outbox
                if "task.mentioned" in message["pk"]["S"] and grace.id in message["body"]["S"]
            ]
        )
        == 1
    )
    assert first.data["edited_at"]
    assert editor.call("PATCH", at, {"content": "No"}, headers=on).status == 403
    assert editor.delete(at, headers=on).status == 403
    assert ada.delete(at).status == 200
    assert ada.get(at).status == 404


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": "x" * 10_001}, {"content": 1}, {"text": "x"}])
def test_comments_that_cannot_be_are_refused(ada, make, body):
    assert ada.post(f"/tasks/{make(ada)['id']}/comments", body).status == 400
