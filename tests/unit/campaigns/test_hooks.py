"""Reports of mail providers: genuine ones are understood, others refused."""

import datetime as dt
import hmac
import json
from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from groundswell.campaigns import sns
from groundswell.campaigns.feedback import Kind, Report
from groundswell.campaigns.hooks import (
    HookForged,
    check_mailgun,
    check_sendgrid,
    mailgun_reports,
    sendgrid_reports,
    ses_reports,
    stage_reports,
)

NOW = 1_795_000_000
KEY = ec.generate_private_key(ec.SECP256R1())
DER, INFO = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
PUBLIC = b64encode(KEY.public_key().public_bytes(DER, INFO)).decode()


def _signed(body: bytes, time: int = NOW) -> dict[str, str]:
    signature = KEY.sign(str(time).encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "x-twilio-email-event-webhook-timestamp": str(time),
        "x-twilio-email-event-webhook-signature": b64encode(signature).decode(),
    }


def test_sendgrids_signature_holds_for_that_body_and_time_alone() -> None:
    for number in range(5):
        body = json.dumps([{"event": "delivered", "n": number}]).encode()
        check_sendgrid(PUBLIC, _signed(body), body, NOW + 200)
        for key, headers, payload, now in [
            (PUBLIC, _signed(body), body + b" ", NOW),
            (PUBLIC, _signed(body), body, NOW + 301),
            (PUBLIC, {**_signed(body), "x-twilio-email-event-webhook-signature": "AAAA"}, body, NOW),
            (PUBLIC, {}, body, NOW),
            ("garbage", _signed(body), body, NOW),
        ]:
            with pytest.raises(HookForged):
                check_sendgrid(key, headers, payload, now)


def test_mailguns_signature_holds_for_its_time_and_token() -> None:
    def said(**more: str) -> dict:
        digest = hmac.new(b"key", f"{NOW}t".encode(), sha256).hexdigest()
        return {"signature": {"timestamp": str(NOW), "token": "t", "signature": digest, **more}}

    assert check_mailgun("key", said(), NOW) == "t"
    for body in (said(token="u"), said(timestamp=str(NOW + 1)), {}, {"signature": "x"}):
        with pytest.raises(HookForged):
            check_mailgun("key", body, NOW)
    with pytest.raises(HookForged):
        check_mailgun("key", said(), NOW + 1000)


def _certificate() -> tuple[rsa.RSAPrivateKey, str]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(7).not_valid_before(start).not_valid_after(start + dt.timedelta(days=900))
    return key, built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def test_messages_of_sns_are_known_by_their_signature() -> None:
    key, certificate = _certificate()
    message = {
        "Type": "Notification",
        "MessageId": "m",
        "TopicArn": "arn:aws:sns:us-east-1:1:bounces",
        "Message": "{}",
        "Timestamp": "2026-11-30T12:00:00.000Z",
        "SignatureVersion": "2",
    }
    signature = key.sign(sns.signed(message), padding.PKCS1v15(), hashes.SHA256())
    whole = {**message, "Signature": b64encode(signature).decode()}
    assert sns.genuine(whole, certificate)
    assert not sns.genuine({**whole, "Message": '{"a": 1}'}, certificate)
    assert not sns.genuine({**whole, "Signature": "AAAA"}, certificate)
    assert not sns.genuine(whole, "no certificate")
    assert not sns.genuine({**whole, "Type": "Other"}, certificate)
    assert sns.is_amazons("https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem")
    for url in (
        "http://sns.us-east-1.amazonaws.com/",
        "https://sns.evil.com/",
        "https://sns.us-east-1.amazonaws.com@x/",
    ):
        assert not sns.is_amazons(url)


def test_reports_are_understood_and_those_of_others_left_out() -> None:
    own = {"client": "c", "delivery": "k-0-1"}
    events = [
        {**own, "event": "delivered"},
        {**own, "event": "bounce", "type": "bounce", "reason": "550 no"},
        {**own, "event": "bounce", "type": "blocked"},
        {**own, "event": "spamreport"},
        {**own, "event": "processed"},
        {**own, "event": "dropped", "reason": "Unsubscribed Address"},
        {**own, "event": "dropped", "reason": "Spam Content (if Spam Checker app is enabled)"},
        {**own, "event": "open"},
        {"client": "d", "delivery": "x-0-1", "event": "delivered"},
        "garbage",
    ]
    assert list(sendgrid_reports("c", events)) == [
        Report("c", "k-0-1", Kind.DELIVERED),
        Report("c", "k-0-1", Kind.HARD_BOUNCE, "550 no"),
        Report("c", "k-0-1", Kind.SOFT_BOUNCE),
        Report("c", "k-0-1", Kind.COMPLAINT),
        Report("c", "k-0-1", Kind.SENT),
        Report("c", "k-0-1", Kind.UNSUBSCRIBED, "Unsubscribed Address"),
        Report("c", "k-0-1", Kind.REJECTED, "Spam Content (if Spam Checker app is enabled)"),
    ]
    failed = {"event": "failed", "severity": "permanent", "user-variables": own, "delivery-status": {"message": "gone"}}
    assert list(mailgun_reports("c", {"event-data": failed})) == [Report("c", "k-0-1", Kind.HARD_BOUNCE, "gone")]
    tags = {"client": ["c"], "delivery": ["k-0-1"]}
    bounce = {"bounceType": "Transient", "bouncedRecipients": [{"diagnosticCode": "full"}]}
    event = {"eventType": "Bounce", "mail": {"tags": tags}, "bounce": bounce}
    assert list(ses_reports("c", event)) == [Report("c", "k-0-1", Kind.SOFT_BOUNCE, "full")]
    assert list(ses_reports("d", event)) == []
    assert list(ses_reports("c", {"detail": event})) == list(ses_reports("c", event))
    assert list(stage_reports({"source": "aws.ses", "detail": event})) == list(ses_reports("c", event))


@pytest.mark.parametrize(
    "event", [{}, {"detail": None}, {"detail": {"mail": {"tags": {"client": "c"}}}}, {"detail": {"mail": {"tags": []}}}]
)
def test_events_of_the_stages_mails_that_are_no_campaigns_say_nothing(event: dict) -> None:
    assert list(stage_reports(event)) == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"event": "failed", "severity": "temporary"}, None),
        ({"event": "failed", "severity": "permanent", "reason": "old"}, Kind.SOFT_BOUNCE),
        ({"event": "failed", "severity": "permanent", "reason": "suppress-unsubscribe"}, Kind.UNSUBSCRIBED),
        ({"event": "failed", "severity": "permanent", "reason": "suppress-complaint"}, Kind.COMPLAINT),
        ({"event": "rejected"}, Kind.REJECTED),
    ],
)
def test_mailgun_says_why_a_message_did_not_arrive(said: dict, kind: Kind | None) -> None:
    own = {"client": "c", "delivery": "k-0-1"}

    reports = list(mailgun_reports("c", {"event-data": {**said, "user-variables": own}}))

    assert [report.kind for report in reports] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"eventType": "Send"}, Kind.SENT),
        ({"eventType": "Reject", "reject": {"reason": "Bad content"}}, Kind.REJECTED),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}}, Kind.COMPLAINT),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "not-spam"}}, None),
    ],
)
def test_a_refused_message_is_no_bad_address_and_not_every_complaint_complains(event: dict, kind: Kind | None) -> None:
    tags = {"client": ["c"], "delivery": ["k-0-1"]}

    assert [report.kind for report in ses_reports("c", {**event, "mail": {"tags": tags}})] == ([kind] if kind else [])
