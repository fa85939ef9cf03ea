"""Mail by providers: the stage's SMTP server, and a client's own SendGrid, with what it reports."""

import json
import socket
import time
from base64 import b64encode
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.integration.campaigns.conftest import Dispatch
from tests.receiver import Received, Reply, receiver


class Postmaster:
    """Refuses some for good, defers some once, and dies after some mails without an answer."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.deferred: set[str] = set()

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's name
        if address.startswith("lead2@"):
            return "550 5.1.1 no such user"
        if address.startswith("lead3@") and address not in self.deferred:
            self.deferred.add(address)
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802
        self.got.append(envelope.rcpt_tos[0])
        if envelope.rcpt_tos[0].startswith("lead4@"):
            server.transport.abort()
        return "250 OK"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_over_smtp_refusals_deferrals_and_lost_answers_are_told_apart(dispatch: Dispatch) -> None:
    peer = Postmaster()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(peer, hostname="127.0.0.1", port=port)
    server.start()
    try:
        dispatch.backend.configure(MAIL_TRANSPORT="smtp", SMTP_URL=f"smtp://127.0.0.1:{port}")
        campaign = dispatch.campaign([dispatch.lead() for _ in range(6)])
        dispatch.start(campaign)
        dispatch.run()
        dispatch.sweep(campaign)
    finally:
        server.stop()

    assert sorted(address.partition("@")[0] for address in peer.got) == ["lead1", "lead3", "lead4", "lead5", "lead6"]
    assert dispatch.states(campaign) == {"sent": 4, "failed": 1, "unknown": 1}
    listed = dispatch.get(campaign, "/deliveries?state=failed")
    assert [(delivery["to"][:6], delivery["reason"]) for delivery in listed] == [("lead2@", "550 5.1.1 no such user")]
    assert dispatch.get(campaign)["status"] == "sent"


def test_a_clients_own_sendgrid_sends_and_its_signed_reports_count(dispatch: Dispatch) -> None:
    sent: list[dict] = []

    def reply(received: Received) -> Reply:
        if received.headers.get("authorization", received.headers.get("Authorization")) != "Bearer SG.right":
            return Reply(401, body=b'{"errors":[{"message":"authorization required"}]}')
        if received.path == "/v3/scopes":
            return Reply(body=b'{"scopes":["mail.send"]}')
        sent.append(json.loads(received.body))
        return Reply(202, headers={"X-Message-Id": f"sg-{len(sent)}"}, body=b"")

    owner = dispatch.owner
    key = ec.generate_private_key(ec.SECP256R1())
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    sender = {"from": {"name": "Shop", "email": "news@shop.example"}, "provider": "sendgrid"}
    with receiver(reply) as peer:
        dispatch.backend.configure(SENDGRID_URL=peer.url, DNS_SERVERS="127.0.0.1:9")
        lacking = owner.post("/campaigns/senders", {**sender, "credentials": {}})
        assert (lacking.status, lacking.json["error"]["field"]) == (400, "credentials")
        rejected = owner.post("/campaigns/senders", {**sender, "credentials": {"api_key": "SG.wrong"}})
        assert (rejected.status, rejected.code) == (400, "CREDENTIALS_REJECTED")
        credentials = {"api_key": "SG.right", "verification_key": b64encode(der).decode()}
        made = owner.post("/campaigns/senders", {**sender, "credentials": credentials})
        assert made.status == 201, made.body
        assert [record["name"] for record in made.data["dns"]] == [
            "shop.example",
            "s1._domainkey.shop.example",
            "_dmarc.shop.example",
        ]
        assert made.data["verified"] is False
        assert "SG.right" not in str(owner.get("/campaigns/senders").body) + str(dispatch.backend.items("core"))
        leads = [dispatch.lead() for _ in range(3)]
        campaign = dispatch.campaign(leads)
        dispatch.start(campaign)
        dispatch.run()

    assert dispatch.mails() == []
    assert {message["from"]["email"] for message in sent} == {"news@shop.example"}
    assert len(sent) == 3
    places = {message["personalizations"][0]["to"][0]["email"][:6]: message["personalizations"][0] for message in sent}
    events = [
        {"event": "delivered", **places["lead1@"]["custom_args"]},
        {"event": "bounce", "type": "bounce", "reason": "550 gone", **places["lead2@"]["custom_args"]},
        {"event": "spamreport", **places["lead1@"]["custom_args"]},
    ]
    body, now = json.dumps(events).encode(), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Twilio-Email-Event-Webhook-Timestamp": now,
        "X-Twilio-Email-Event-Webhook-Signature": b64encode(
            key.sign(now.encode() + body, ec.ECDSA(hashes.SHA256()))
        ).decode(),
    }
    hook = f"={urlsplit(made.data['hook_url']).path}"
    assert owner.gateway.call("POST", hook, body + b" ", headers=headers).status == 403
    assert owner.gateway.call("POST", hook.replace("/sendgrid/", "/mailgun/"), body, headers=headers).status == 404
    for _ in range(2):
        response = owner.gateway.call("POST", hook, body, headers=headers)
        assert (response.status, response.data) == (200, {"reports": 3})
    dispatch.run()

    assert dispatch.states(campaign) == {"delivered": 1, "bounced": 1, "sent": 1}
    stats = dispatch.get(campaign, "/stats")
    assert (stats["bounced_hard"], stats["complained"], stats["unsubscribed"]) == (1, 1, 0)
    reasons = {out["reason"] for out in owner.get("/audience/opt-outs").data}
    assert reasons == {"hard_bounce", "complaint"}
