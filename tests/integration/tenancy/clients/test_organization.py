import pytest

from groundswell.tenancy.clients.items import OrganizationItem

FACE = {
    "company": {"legal_name": "Engines Ltd", "size": "11-50", "phone": "+44 20 7946 0000"},
    "address": {"line1": "12 Square", "city": "London", "country": "gb"},
    "billing": {"email": "Accounts@Engines.Example", "tax_id": "GB 123", "plan_name": "Growth"},
    "team": {"default_role": "editor", "invitation_domains": ["Engines.example", "@engines.example"]},
    "preferences": {"timezone": "Europe/London", "language": "en-GB", "currency": "GBP"},
}


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def operator(people):
    return people.operator()


def test_an_organization_has_a_face_and_keeps_what_a_change_leaves_out(owner) -> None:
    changed = owner.put("/organization", FACE)

    assert changed.status == 200
    assert changed.data["company"]["phone"] == "+442079460000"
    assert changed.data["address"]["country"] == "GB"
    assert changed.data["billing"] == {"email": "accounts@engines.example", "tax_id": "GB 123", "plan_name": "Growth"}
    assert changed.data["team"] == {"default_role": "editor", "invitation_domains": ["engines.example"]}
    assert changed.data["preferences"]["week_starts_on"] == "monday"

    again = owner.put("/organization", {"address": {"city": "Leeds", "line1": None}, "billing": None}).data
    assert again["address"]["city"] == "Leeds"
    assert again["address"]["line1"] is None
    assert again["address"]["country"] == "GB"
    assert set(again["billing"].values()) == {None}
    assert again["company"] == changed.data["company"]
    assert owner.get("/organization").data == again


def test_an_organization_stored_before_it_had_a_face_is_read_and_changed(owner) -> None:
    item = OrganizationItem.get(f"ORG#{owner.user['org_id']}", "ORG")
    groups = ("company", "address", "billing", "team", "preferences")
    item.update(actions=[getattr(OrganizationItem, name).remove() for name in groups])

    read = owner.get("/organization").data
    assert read["company"]["legal_name"] is None
    assert read["team"] == {"default_role": "member", "invitation_domains": []}
    assert read["preferences"]["timezone"] == "UTC"
    assert owner.put("/organization", {"company": {"size": "1"}}).data["company"]["size"] == "1"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"address": {"country": "ZZ"}}, "address.country"),
        ({"billing": {"email": "nobody"}}, "billing.email"),
        ({"company": {"phone": "0301234"}}, "company.phone"),
        ({"company": {"size": "12"}}, "company.size"),
        ({"company": {"size": []}}, "company.size"),
        ({"team": {"default_role": "owner"}}, "team.default_role"),
        ({"team": {"invitation_domains": ["no domain"]}}, "team.invitation_domains.0"),
        ({"preferences": {"timezone": "Mars/Olympus"}}, "preferences.timezone"),
        ({"preferences": {"currency": "euro"}}, "preferences.currency"),
        ({"address": {"planet": "Mars"}}, "address.planet"),
        ({"plan_limits": {"users": 9}}, "plan_limits"),
    ],
)
def test_what_an_organization_cannot_be_is_refused_by_field(owner, change, field: str) -> None:
    refused = owner.put("/organization", change)

    assert (refused.status, refused.json["error"]["field"]) == (400, field)


def test_billing_and_limits_are_for_admins_alone(owner, people, operator) -> None:
    owner.put("/organization", FACE)
    quota = operator.put(f"/usage/quota?org_id={owner.user['org_id']}", {"clients": 3})
    member = people.member_of(owner).get("/organization").data

    assert quota.status == 200
    limits = owner.get("/organization").data["plan_limits"]
    assert (limits["clients"], limits["users"], limits["events_per_month"]) == (3, None, None)
    assert (member["billing"], member["plan_limits"]) == (None, None)
    assert member["address"]["city"] == "London"


def test_a_raised_limit_is_not_hidden_by_an_old_etag(owner, operator) -> None:
    etag = owner.get("/organization").headers["etag"]
    operator.put(f"/usage/quota?org_id={owner.user['org_id']}", {"clients": 3})

    assert owner.get("/organization", headers={"if-none-match": etag}).status == 200


def test_new_clients_and_invitations_start_from_what_the_organization_prefers(owner) -> None:
    owner.put("/organization", FACE)

    assert owner.post("/clients", {"name": "One"}).data["timezone"] == "Europe/London"
    assert owner.post("/clients", {"name": "Two", "timezone": "UTC"}).data["timezone"] == "UTC"
    path = f"/clients/{owner.client_id}/invitations"
    assert owner.post(path, {"email": "grace@engines.example"}).data["role"] == "editor"
    assert owner.post(path, {"email": "joan@engines.example", "role": "viewer"}).data["role"] == "viewer"
    refused = owner.post(path, {"email": "grace@other.example"})
    assert (refused.status, refused.json["error"]["code"]) == (403, "ADDRESS_NOT_INVITABLE")


def test_a_client_says_who_made_it_and_keeps_a_scoring_config(owner, people) -> None:
    config = {"model": "rules", "rules": [{"points": 12, "when": {"field": "title", "value": None}}]}
    client = owner.post("/clients", {"name": "One", "lead_scoring_config": config}).data
    path = f"/clients/{client['id']}"

    assert (client["created_by"], client["lead_scoring_config"]) == (owner.id, config)
    assert owner.put(path, {"lead_scoring_config": {"threshold": 0.7}}).status == 200
    assert owner.get(path).data["lead_scoring_config"] == {"threshold": 0.7}
    assert owner.put(path, {"name": "Other"}).data["lead_scoring_config"] == {"threshold": 0.7}
    assert people.sign_up().put(path, {"lead_scoring_config": {}}).status == 404


@pytest.mark.parametrize("config", [None, [], "x", {"x": "y" * 20_001}])
def test_a_scoring_config_is_a_small_object(owner, config) -> None:
    refused = owner.put(f"/clients/{owner.client_id}", {"lead_scoring_config": config})

    assert (refused.status, refused.json["error"]["field"]) == (400, "lead_scoring_config")
