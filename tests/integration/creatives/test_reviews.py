"""People without an account: a page that shows the creative, and one decision a link."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest

from groundswell.kernel.clock import rfc3339, set_offset, utc_now


@pytest.fixture
def share(ada):
    def share(creative, **body) -> str:
        answer = ada.post(f"/creative-submissions/{creative['id']}/share-links", body)
        assert answer.status == 201, answer.body
        return "=" + urlsplit(answer.data["url"]).path

    return share


def post(gateway, path, **fields):
    return gateway.post(path, urlencode(fields).encode(), headers={"Content-Type": "application/x-www-form-urlencoded"})


def test_a_guest_sees_the_creative_and_decides_once_in_their_own_name(ada, gateway, submit, share):
    creative = submit(ada, title="<b>Spring</b>")
    path = share(creative)

    page = gateway.get(path)
    unsaid = post(gateway, path, decision="reject", name="Grace")
    decided = post(gateway, path, decision="approve", name="Grace", comment="Fine")
    again = post(gateway, path, decision="reject", name="Mallory", comment="No")

    assert (page.status, page.headers["cache-control"]) == (200, "private, no-store")
    assert "Spring is here" in page.body.decode()
    assert "<b>Spring" not in page.body.decode()
    assert (unsaid.status, b"Please say why." in unsaid.body) == (400, True)
    assert (decided.status, again.status) == (200, 410)
    now = ada.get(f"/creative-submissions/{creative['id']}").data
    [decision] = now["decisions"]
    assert (now["status"], decision["name"], decision["by"].partition(":")[0]) == ("approved", "Grace", "guest")
    assert b"<form" not in gateway.get(path).body
    assert ada.get(f"/tasks/{creative['task_id']}").data["status"] == "completed"
    [link] = ada.get(f"/creative-submissions/{creative['id']}/share-links").data
    assert link["decided_at"] is not None


def test_a_page_in_german_asks_for_what_is_missing(ada, gateway, submit, share):
    path = share(submit(ada))

    answer = gateway.post(
        path, b"name=", headers={"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "de"}
    )

    assert answer.status == 400
    for text in ("Bitte wählen Sie eines.", "Bitte nennen Sie Ihren Namen."):
        assert text in answer.body.decode()


def test_a_version_that_was_replaced_is_not_decided_on(ada, gateway, submit, share):
    creative = submit(ada)
    path = share(creative)
    ada.put(f"/creative-submissions/{creative['id']}", {"text": "Other"})

    late = post(gateway, path, decision="approve", name="Grace", creative_version="1")
    unseen = post(gateway, path, decision="approve", name="Grace")

    assert (late.status, b"newer version" in late.body) == (409, True)
    assert (unseen.status, b"newer version" in unseen.body) == (409, True)
    assert (
        post(gateway, path, decision="request_changes", name="Grace", comment="x", creative_version="2").status == 200
    )
    assert ada.get(f"/creative-submissions/{creative['id']}").data["status"] == "changes_requested"


def test_a_link_ends_is_revoked_and_cannot_be_made_up(ada, gateway, submit, share, people):
    creative = submit(ada)
    ending = share(creative, expires_at=rfc3339(utc_now() + timedelta(hours=1)))
    revoked = share(creative)
    links = ada.get(f"/creative-submissions/{creative['id']}/share-links").data

    ada.delete(f"/creative-submissions/{creative['id']}/share-links/{links[-1]['id']}")
    set_offset(timedelta(hours=2))
    try:
        assert gateway.get(ending).status == 410
        assert post(gateway, ending, decision="approve", name="Grace").status == 410
    finally:
        set_offset(timedelta())

    assert gateway.get(revoked).status == 404
    assert post(gateway, revoked, decision="approve", name="Grace").status == 404
    assert gateway.get(ending[:-4] + "abcd").status == 404
    assert (
        ada.post(f"/creative-submissions/{creative['id']}/share-links", {"expires_at": "2020-01-01T00:00:00Z"}).status
        == 400
    )
    assert people.sign_up().post(f"/creative-submissions/{creative['id']}/share-links").status == 404


def test_a_guest_counts_as_one_of_those_who_are_needed(ada, gateway, colleague, submit, share):
    ann, bob = colleague("member"), colleague("member")
    creative = submit(ada, approval={"required": 2, "approvers": [ann.id, bob.id]})

    post(gateway, share(creative), decision="approve", name="Grace")

    assert ann.post(f"/creative-submissions/{creative['id']}/approve").data["status"] == "approved"
