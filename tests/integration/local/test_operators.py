"""What operators do past the API."""

from groundswell.tenancy.auth.service import SignUp
from infra.local.emulator import ENDPOINT
from infra.local.operators import create_with_organization
from tests.people import PASSWORD, new_email


def test_the_first_account_is_founded_where_nobody_may_sign_up(emulator, new_gateway, tmp_path):
    (tmp_path / ENDPOINT).write_text(emulator.access["AWS_ENDPOINT_URL"])
    emulator.configure(SIGNUP_MODE="closed", REQUIRE_VERIFICATION="true")
    gateway, email = new_gateway(emulator), f"founder-{new_email()}"
    login = {"email": email, "password": PASSWORD}
    assert gateway.post("/auth/register", login | {"name": "Ada Lovelace"}).code == "SIGNUP_CLOSED"

    for _ in range(2):
        create_with_organization(SignUp(email, PASSWORD, "Ada", "Lovelace", "Engines"), tmp_path)

    signed_in = gateway.post("/auth/login", login)
    assert signed_in.status == 200
    clients = gateway.get("/clients", token=signed_in.json["access_token"]).data
    assert [client["name"] for client in clients] == ["Engines"]
