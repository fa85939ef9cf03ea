"""What became of a campaign, as a file and by time; and how many it may be for."""

import csv
import io

from tests.integration.campaigns.conftest import Dispatch
from tests.integration.campaigns.test_feedback import BROWSER, links_of
from tests.people import People


def test_deliveries_are_a_file_and_a_series_that_say_what_the_totals_say(dispatch: Dispatch) -> None:
    leads = [dispatch.lead(), dispatch.lead(), dispatch.lead(locale="de")]
    campaign = dispatch.campaign(leads)
    dispatch.start(campaign)
    dispatch.run()
    paths, gateway = links_of(dispatch.mails()[0]), dispatch.owner.gateway
    gateway.call("GET", f"={paths['to']}", headers=BROWSER)

    for path in (f"/campaigns/{campaign}/deliveries?format=csv", f"/broadcast/logs?format=csv&campaign_id={campaign}"):
        answer = dispatch.owner.get(path)
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        assert answer.headers["content-type"].startswith("text/csv")
        assert sorted((each["lead_id"], each["state"]) for each in rows) == sorted((each, "sent") for each in leads)
        assert sum(each["opened_at"] != "" for each in rows) == 1
    chosen = dispatch.owner.get(f"/campaigns/{campaign}/deliveries?format=csv&state=failed")
    assert len(list(csv.reader(io.StringIO(chosen.body.decode())))) == 1

    stats = dispatch.get(campaign, "/stats?interval=hour")
    assert stats["points"]
    assert sum(each["sent"] for each in stats["points"]) == stats["states"]["sent"] == 3
    assert sum(each["opened"] for each in stats["points"]) == stats["opened"] == 1
    assert dispatch.get(campaign, "/stats")["points"] is None


def test_an_operator_says_how_many_recipients_an_organization_may_have(dispatch: Dispatch, people: People) -> None:
    leads = [dispatch.lead(), dispatch.lead()]
    quota = {"recipients_per_day": 1}
    org = dispatch.owner.user["org_id"]
    assert people.operator().put(f"/usage/quota?org_id={org}", quota).data["recipients_per_day"] == 1

    refused = dispatch.start(dispatch.campaign(leads))
    assert (refused.status, refused.body["error"]["code"]) == (429, "RATE_LIMITED")
    people.operator().put(f"/usage/quota?org_id={org}", {"recipients_per_day": 2})
    assert dispatch.start(dispatch.campaign(leads)).status == 202


def test_pages_of_messages_are_in_the_recipients_language_unless_they_choose_another(dispatch: Dispatch) -> None:
    campaign = dispatch.campaign([dispatch.lead(locale="de-AT")])
    dispatch.start(campaign)
    dispatch.run()
    paths, gateway = links_of(dispatch.mails()[0]), dispatch.owner.gateway

    english = {"Accept-Language": "en"}
    assert b'lang="de"' in gateway.call("GET", f"={paths['u']}", headers=english).body
    assert b'lang="de"' in gateway.call("GET", f"={paths['p']}", headers=english).body
    assert b'lang="en"' in gateway.call("GET", f"={paths['p']}?lang=en", headers=english).body
