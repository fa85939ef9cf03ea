"""Our mails go to strangers: nobody writes in them what they like."""

import pytest

from tests.outbox import mail_to
from tests.people import PASSWORD, new_email

EVIL = "PayPal Security https://evil.example/login"


@pytest.mark.parametrize(
    "said",
    [
        {"name": EVIL},
        {"first_name": EVIL},
        {"last_name": "support@evil.example", "first_name": "Ada"},
        {"name": "Ada", "organization_name": EVIL},
        {"name": "Ada", "organization_name": "a\u202eb"},
        {"name": "x" * 101},
    ],
)
def test_a_name_that_is_a_message_is_refused_at_sign_up(gateway, said) -> None:
    answer = gateway.post("/auth/register", {"email": new_email(), "password": PASSWORD, **said})

    assert answer.status == 400
    assert answer.json["error"]["field"] in said


def test_it_is_refused_wherever_a_name_is_given(people) -> None:
    ada = people.sign_up()
    member = {"email": new_email(), "name": EVIL, "role": "member"}

    refused = [
        ada.put("/users/me", {"first_name": EVIL}),
        ada.put("/users/me", {"last_name": "www.evil.example"}),
        ada.post("/clients", {"name": EVIL}),
        ada.put(f"/clients/{ada.client_id}", {"name": EVIL}),
        ada.put("/organization", {"name": EVIL}),
        ada.post("/admin/users", member),
        ada.put(f"/admin/users/{ada.id}", {"last_name": "a\nb"}),
    ]

    assert [answer.status for answer in refused] == [400] * len(refused)


def test_what_was_stored_before_is_harmless_in_a_mail(people, moto) -> None:
    ada, guest = people.sign_up(), new_email()
    store(moto, f"CLIENT#{ada.client_id}", "CLIENT", name=f"{EVIL} visit evil.example now")
    store(moto, f"USER#{ada.id}", "USER", first_name="support@evil.example", last_name="\u202elairt")

    assert ada.post(f"/clients/{ada.client_id}/invitations", {"email": guest, "role": "viewer"}).status == 201

    mail = mail_to(moto, guest)
    for part in (mail["subject"], mail["text"], mail["html"]):
        assert "evil.example" not in part
        assert "\u202e" not in part


def store(moto, pk, sk, **texts):
    names = {f"#{name}": name for name in texts}
    moto.aws.dynamodb.update_item(
        TableName=moto.resources.tables["core"],
        Key={"pk": {"S": pk}, "sk": {"S": sk}},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in texts),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={f":{name}": {"S": text} for name, text in texts.items()},
    )
