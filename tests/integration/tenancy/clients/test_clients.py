from uuid import uuid4

import pytest

BOLT = {"name": "Engines", "website": "https://engines.example", "timezone": "Europe/London"}
PATHS = ["/clients", "/dashboard/client-companies"]


def without_id(answer) -> bytes:
    body = answer.json
    body["error"].pop("requestId")
    body.pop("instance")
    return str(sorted(body.items())).encode()


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def stranger(people):
    return people.sign_up()


def test_a_client_is_created_and_read(owner) -> None:
    created = owner.post("/clients", BOLT)

    assert created.status == 201
    assert created.headers["etag"] == '"1"'
    client = created.data
    assert {name: client[name] for name in BOLT} == BOLT
    assert (client["org_id"], client["status"], client["version"]) == (owner.user["org_id"], "active", 1)
    for path in PATHS:
        read = owner.get(f"{path}/{client['id']}")
        assert (read.data, read.headers["etag"]) == (client, '"1"')


def test_a_company_comes_with_a_key_that_works_and_is_shown_once(owner, moto) -> None:
    created = owner.post("/dashboard/client-companies/", BOLT)

    key = created.data["api_key"]
    listed = owner.get(f"/clients/{created.data['id']}/api-keys")
    assert created.status == 201
    assert listed.data[0]["hint"] == f"gp_live_{listed.data[0]['id']}…{key[-4:]}"
    assert key.split("_", 3)[3] not in str(moto.items("core"))
    assert key not in listed.body.decode()


@pytest.mark.parametrize("path", PATHS)
def test_the_list_has_every_client_of_the_organization_page_by_page(owner, stranger, path: str) -> None:
    made = [owner.client_id] + [owner.post("/clients", {"name": f"c{number}"}).data["id"] for number in range(4)]
    stranger.post("/clients", BOLT)

    ids, cursor = [], ""
    while cursor is not None:
        page = owner.get(f"{path}?limit=2{cursor and '&cursor=' + cursor}").json
        ids += [client["id"] for client in page["data"]]
        cursor = page["meta"]["next_cursor"]

    assert ids == made


def test_a_page_of_one_person_does_not_go_on_for_another(people, owner) -> None:
    for number in range(2):
        owner.post("/clients", {"name": f"c{number}"})
    cursor = owner.get("/clients?limit=1").json["meta"]["next_cursor"]
    admin = people.member_of(owner, "admin")

    assert owner.get(f"/dashboard/client-companies?limit=1&cursor={cursor}").status == 200
    assert admin.get(f"/clients?limit=1&cursor={cursor}").status == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x", "website": "javascript:alert(1)"}, "website"),
        ({"name": "x", "website": "https://"}, "website"),
        ({"name": "x", "timezone": "Middle/Earth"}, "timezone"),
        ({"name": "x", "timezone": "../../etc/passwd"}, "timezone"),
        ({"name": ["x"]}, "name"),
    ],
)
def test_bad_input_names_its_field(owner, body: dict, field: str) -> None:
    answer = owner.post("/clients", body)

    assert (answer.status, answer.json["error"]["field"]) == (400, field)


@pytest.mark.parametrize(
    "name", ["client_id", "org_id", "role", "is_admin", "id", "created_at", "status", "version", "settings"]
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_nobody_writes_what_is_not_theirs_to_write(owner, method: str, name: str) -> None:
    path = "/clients" if method == "POST" else f"/clients/{owner.client_id}"

    answer = owner.call(method, path, {"name": "x", name: "mine"})

    assert (answer.status, answer.json["error"]["field"]) == (400, name)


def test_a_change_touches_what_it_names_and_null_clears(owner) -> None:
    client = owner.post("/clients", BOLT | {"industry": "Computing"}).data
    path = f"/clients/{client['id']}"

    changed = owner.put(path, {"name": "New", "industry": None})

    assert (changed.data["name"], changed.data["industry"], changed.data["website"]) == ("New", None, BOLT["website"])
    assert changed.headers["etag"] == '"2"'
    assert owner.put(path, {"name": None}).status == 400
    assert owner.put(path, {}).data == changed.data


def test_a_stale_change_is_refused(owner) -> None:
    path = f"/clients/{owner.client_id}"
    owner.put(path, {"name": "Theirs"}, headers={"if-match": '"1"'})

    answer = owner.put(path, {"name": "Mine"}, headers={"if-match": '"1"'})

    assert (answer.status, answer.code) == (412, "PRECONDITION_FAILED")
    assert answer.json["error"]["details"] == {"expected_version": 1, "version": 2}
    assert owner.get(path).data["name"] == "Theirs"


def test_what_the_caller_has_is_not_sent_again(owner) -> None:
    path = f"/clients/{owner.client_id}"

    assert owner.get(path, headers={"if-none-match": '"1"'}).status == 304


@pytest.mark.parametrize("path", PATHS)
def test_a_deleted_client_is_as_missing_as_none(owner, path: str) -> None:
    client_id = owner.post("/clients", BOLT).data["id"]

    assert owner.delete(f"{path}/{client_id}").status == 200

    for attempt in (
        owner.get(f"{path}/{client_id}"),
        owner.delete(f"{path}/{client_id}"),
        owner.put(f"/clients/{client_id}", {"name": "x"}),
    ):
        assert (attempt.status, attempt.code) == (404, "CLIENT_NOT_FOUND")
    assert client_id not in [client["id"] for client in owner.get("/clients").data]


OPERATIONS = [
    ("GET", "/clients/{}", None),
    ("GET", "/dashboard/client-companies/{}", None),
    ("PUT", "/clients/{}", {"name": "mine now"}),
    ("DELETE", "/clients/{}", None),
    ("DELETE", "/dashboard/client-companies/{}", None),
    ("GET", "/clients/{}/role", None),
    ("GET", "/clients/{}/api-keys", None),
    ("POST", "/clients/{}/api-keys", {"name": "k"}),
    ("POST", "/clients/{}/api-keys/0192f0c17c1a7d3e8f002b6f1e9a4c13/rotate", None),
    ("DELETE", "/clients/{}/api-keys/0192f0c17c1a7d3e8f002b6f1e9a4c13", None),
]


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
def test_another_organizations_client_is_as_missing_as_none(owner, stranger, moto, method, path, body) -> None:
    before = moto.item("core", f"CLIENT#{owner.client_id}", "CLIENT")

    foreign = stranger.call(method, path.format(owner.client_id), body)
    missing = stranger.call(method, path.format(uuid4()), body)
    absurd = stranger.call(method, path.format("x" * 64), body)

    assert foreign.status == missing.status == absurd.status == 404
    assert without_id(foreign) == without_id(missing) == without_id(absurd)
    assert moto.item("core", f"CLIENT#{owner.client_id}", "CLIENT") == before


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
def test_nobody_gets_in_without_signing_in(gateway, method, path, body) -> None:
    assert gateway.call(method, path.format(uuid4()), body).status == 401
    assert gateway.call(method, path.format(uuid4()), body, token="garbage").status == 401


def test_a_member_sees_only_own_clients(people, owner) -> None:
    member = people.member_of(owner)

    assert member.get("/clients").data == []
    assert member.get(f"/clients/{owner.client_id}").status == 404
    assert member.post("/clients", BOLT).status == 403


def test_an_admin_of_the_organization_administers_its_clients(people, owner) -> None:
    admin = people.member_of(owner, "admin")

    assert admin.get(f"/clients/{owner.client_id}/role").data["role"] == "admin"
    assert admin.put(f"/clients/{owner.client_id}", {"name": "Renamed"}).status == 200


def grant(moto, person, client_id: str, org_id: str, role: str) -> None:
    """A membership, as an invitation leaves it."""
    from groundswell.access.model import Role
    from groundswell.kernel.clock import utc_now
    from groundswell.storage.transaction import put, write
    from groundswell.tenancy.clients.items import membership_item
    from groundswell.tenancy.clients.model import Membership

    write([put(membership_item(Membership(person.id, client_id, org_id, Role(role), utc_now())))])


def test_a_viewer_reads_and_changes_nothing(people, owner, moto) -> None:
    viewer = people.member_of(owner)
    grant(moto, viewer, owner.client_id, owner.user["org_id"], "viewer")
    path = f"/clients/{owner.client_id}"

    assert [client["id"] for client in viewer.get("/clients").data] == [owner.client_id]
    assert viewer.get(path).status == 200
    assert viewer.get(f"{path}/role").data == {"client_id": owner.client_id, "role": "viewer"}
    for attempt in (viewer.put(path, {"name": "x"}), viewer.delete(path), viewer.get(f"{path}/api-keys")):
        assert (attempt.status, attempt.code) == (403, "FORBIDDEN")


@pytest.mark.parametrize("path", ["/clients/", "/dashboard/client-companies/"])
def test_a_client_that_is_named_in_the_path_is_named_nowhere_else(owner, stranger, path: str) -> None:
    headers = {"x-client-id": stranger.client_id}

    assert owner.get(path + owner.client_id, headers=headers).data["id"] == owner.client_id
    assert owner.get(f"{path}{stranger.client_id}?client_id={owner.client_id}").status == 404


def test_a_client_has_a_logo_and_says_whether_it_is_active(people) -> None:
    person = people.sign_up()
    logo = "https://cdn.example/logo.svg"

    created = person.post("/clients", {"name": "Engines", "logo": logo}).data
    cleared = person.put(f"/clients/{created['id']}", {"logo": None}).data
    person.delete(f"/clients/{created['id']}")

    assert (created["logo"], created["is_active"], cleared["logo"]) == (logo, True, None)
    assert [client["is_active"] for client in person.get("/clients/deleted").data] == [False]
    assert person.post("/clients", {"name": "x", "logo": "javascript:alert(1)"}).status == 400
