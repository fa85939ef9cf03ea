"""The pages of messages' links in a real Chromium: nothing serious for axe-core, nothing that their policy blocks."""

import re

import pytest

from tests.integration.campaigns.conftest import Dispatch
from tests.integration.campaigns.test_feedback import links_of
from tests.integration.public.test_pages_in_a_browser import looked_at
from tests.outbox import mail_to


@pytest.mark.browser
def test_ways_out_preferences_and_confirmations_are_accessible(dispatch: Dispatch) -> None:
    owner, lead = dispatch.owner, dispatch.lead(locale="de")
    email = owner.get(f"/leads/{lead}").data["email"]
    news = owner.post("/audience/lists", {"name": "News", "opt_in": "double"}).data["id"]
    plain = owner.post("/audience/lists", {"name": "Offers", "opt_in": "single"}).data["id"]
    for list_id in (news, plain):
        owner.post(f"/audience/lists/{list_id}/members", {"lead_ids": [lead]})
    confirmation = mail_to(dispatch.backend, email)
    dispatch.start(dispatch.campaign([lead]))
    dispatch.run()
    links = links_of(dispatch.mails()[0])
    confirm = re.search(r"/c/[\w-]+", confirmation["text"])[0]

    pages = looked_at(
        owner.gateway, [f"={path}" for path in (links["u"], links["p"], f"{links['p']}?lang=en", confirm)]
    )

    assert [(page["violations"], page["blocked"]) for page in pages] == [([], [])] * 4
    titles = [page["title"].partition(" ·")[0] for page in pages]
    assert titles[0].startswith("Abmelden")
    assert titles[2].startswith("Your preferences")
    assert len(set(titles)) == 4
