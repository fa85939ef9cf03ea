"""Two tenants with one of everything, and everybody who might call."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import batched
from typing import Any

import pytest

from groundswell.access.model import Role
from groundswell.audit.model import Entry
from groundswell.campaigns.adapter_senders import DynamoSenderStore
from groundswell.campaigns.model import From
from groundswell.campaigns.senders import ProviderKind, SenderIdentity
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.scoring.regression.model import Evaluation, LogisticModel, Target
from groundswell.scoring.regression.store import DynamoModelStore
from groundswell.search.adapter_runs import result_row
from groundswell.search.candidates import Candidate, Fact, Source
from groundswell.search.runs import Result, Run, result_id
from groundswell.social.model import Account, Network
from groundswell.social.store import DynamoAccountStore
from groundswell.tenancy.clients import apikeys
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.model import scopes_of
from groundswell.webhooks.items import delivery_row
from groundswell.webhooks.model import Delivery, DeliveryStatus
from tests.backend import Backend
from tests.gateway import Answer, Gateway, call_handler
from tests.integration.analytics.tenant import Tenant
from tests.integration.security import forgery
from tests.integration.security.operations import Operation
from tests.people import PASSWORD, People, Person
from tests.platform_shapes import shape_of
from tests.platforms import address_for_all
from tests.telegram import telegram_for_all, tokens
from tests.wallets import Wallet

WALLET = Wallet(1)
SCOPES = frozenset(scope.value for scope in Scope)
GIVING = {
    "members.add",
    "members.change",
    "members.change.patch",
    "members.remove",
    "invitations.create",
    "invitations.resend",
}
"""Operations that give a role, or change who has one."""
ANNOUNCED = {"filename": "a.png", "size": 9, "content_type": "image/png"}
NOWHERE = "0192f0c1-7c1a-7d3e-8f00-000000000000"


@dataclass
class World:
    backend: Backend
    gateway: Gateway
    alice: Person
    """Owner of organization A."""
    mallory: Person
    """Owner of organization B."""
    viewer: Person
    """Of A's client, and of nothing else."""
    colleague: Person
    """An editor of A's client, to whom things are done."""
    editor_elsewhere: Person
    """Of another client of A."""
    disabled: Person
    operator: Person
    """Of the platform."""
    key: str
    revoked_key: str
    scoped: Mapping[str, str]
    """A key for each scope, with that one only."""
    lacking: Mapping[str, str]
    """A key for each scope, with all but that one and its three neighbours: a client has no room for more keys."""
    whole_key: str
    """With every scope there is, as the two below."""
    giving_key: str
    """With the scopes of an editor, and `members:write`."""
    foreign_key: str
    """Of B."""
    key_elsewhere: str
    """Of another client of A."""
    ids: dict[str, str] = field(default_factory=dict)
    """Real ids of A, by the name that paths give them."""
    special: dict[str, dict[str, str]] = field(default_factory=dict)
    """Where an operation means another thing by a name than all others: ids by the beginning of its own name."""

    of_keys: dict[str, dict[str, str]] = field(default_factory=dict)
    """Ids by operation that changes only what its caller wrote: what the key of its scope wrote."""

    bodies: dict[str, Any] = field(default_factory=dict)
    """By operation, where the example in the description names a thing that A does not have."""

    def ids_for(self, operation: Operation) -> dict[str, str]:
        """A's own things. Raises KeyError for a parameter nobody made a thing for."""
        path_ids = dict(self.ids)
        for beginning, ids in self.special.items():
            if operation.name.startswith(beginning):
                path_ids |= ids
        operation.at(path_ids)
        return path_ids

    def call(self, operation: Operation, *, ids: dict[str, str] | None = None, **sent: Any) -> Answer:
        """The operation's own example, on A's things unless `ids` says otherwise."""
        headers = {"Content-Type": operation.content_type} | dict(sent.pop("headers", {}))
        used = {**self.ids_for(operation), **(ids or {})}
        path = operation.at(used) + (f"?{sent.pop('query')}" if "query" in sent else "")
        if operation.takes_client and "{client_id}" not in operation.path:
            headers.setdefault("X-Client-Id", used["client_id"])
        body = sent.pop("body", self.body(operation))
        return self.gateway.call(operation.method, path, body, headers=headers, **sent)

    def with_scope(self, operation: Operation) -> dict[str, str]:
        """Headers with a key that has the operation's scope and no other, but for those of a role that it gives."""
        return {"X-API-Key": self.giving_key if operation.name in GIVING else self.scoped[str(operation.scope)]}

    def without_scope(self, operation: Operation) -> dict[str, str]:
        """Headers with a key that has every scope but the operation's."""
        return {"X-API-Key": self.lacking[str(operation.scope)]}

    def body(self, operation: Operation) -> Any:
        return copy.deepcopy(self.bodies.get(operation.name, operation.example))

    def secret(self) -> bytes:
        value = self.backend.aws.secrets.get_secret_value(SecretId=self.backend.resources.secrets["signing"])
        return json.loads(value["SecretString"])["secret"].encode()

    def tenant_a(self) -> dict[str, str]:
        """All that is stored of A in the tables that last, by key, but for the trail of who tried what and when."""
        mine = {self.alice.user["org_id"], self.ids["client_id"], self.alice.id}
        items = [item for table in ("core", "events") for item in self.backend.items(table)]
        kept = [item for item in items if not item["pk"]["S"].startswith("AUDIT#") and mine & _texts(item)]
        return {f"{item['pk']['S']} {item['sk']['S']}": _but_for_use(item) for item in kept}

    def changes_since(self, before: dict[str, str]) -> list[str]:
        """The keys of what was added, changed or removed."""
        now = self.tenant_a()
        return sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))


def _but_for_use(item: dict[str, Any]) -> str:
    """A key that is tried is used, even in vain."""
    return repr(sorted((name, value) for name, value in item.items() if name != "last_used_at"))


def _texts(item: dict[str, Any]) -> set[str]:
    texts = {value["S"] for value in item.values() if "S" in value}
    return texts | {part for text in (item["pk"]["S"], item["sk"]["S"]) for part in text.split("#")}


type BadToken = Callable[[World], str]
BAD_TOKENS: dict[str, BadToken] = {
    "garbage": lambda world: "garbage",
    "expired": lambda world: forgery.expired(world.alice.token, world.secret()),
    "unsigned": lambda world: forgery.unsigned(world.alice.token),
    "signed by another algorithm": lambda world: forgery.signed_otherwise(world.alice.token, world.secret()),
    "a refresh token": lambda world: world.alice.refresh_token,
    "without exp": lambda world: forgery.resigned(world.alice.token, world.secret(), exp=None),
    "for another audience": lambda world: forgery.resigned(world.alice.token, world.secret(), aud="elsewhere"),
    "of a disabled user": lambda world: world.disabled.token,
    "a revoked key": lambda world: world.revoked_key,
}


def build(backend: Backend, gateway: Gateway, people: People) -> World:
    """With more keys than a client may have, though not more than while keys are rotated: all of them and their client
    are in one transaction."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apikeys, "KEYS_AT_MOST", apikeys.KEYS_AT_MOST + apikeys.IN_OVERLAP_AT_MOST)
        return _build(backend, gateway, people)


def _build(backend: Backend, gateway: Gateway, people: People) -> World:
    backend.configure(TELEGRAM_URL=telegram_for_all(), META_ADS_URL=address_for_all(shape_of("meta_ads")))
    alice, mallory = people.sign_up(), people.sign_up()
    client = alice.client_id
    elsewhere = alice.post("/clients", {"name": "Elsewhere"}).data["id"]
    viewer, colleague, editor, disabled = (people.member_of(alice, "member") for _ in range(4))
    _grant(alice, client, viewer, "viewer")
    _grant(alice, client, colleague, "editor")
    _grant(alice, elsewhere, editor, "editor")
    _disable(backend, disabled)
    operator = people.operator()
    key = _new_key(alice, client, ["events:write", "metrics:write"])
    revoked = _new_key(alice, client, ["events:write", "metrics:write"])
    alice.delete(f"/clients/{client}/api-keys/{revoked['id']}")
    scoped = {scope: _new_key(alice, client, [scope])["api_key"] for scope in SCOPES}
    lacking = _lacking(alice, client)
    whole = _new_key(alice, client, [*SCOPES])["api_key"]
    giving = _new_key(alice, client, [*scopes_of(Role.EDITOR), Scope.MEMBERS_WRITE])["api_key"]
    made = _made(alice.post(f"/clients/{client}/api-keys", {"name": "k", "scopes": ["events:write"]}))
    world = World(
        backend,
        gateway,
        alice,
        mallory,
        viewer,
        colleague,
        editor,
        disabled,
        operator,
        key=key["api_key"],
        revoked_key=revoked["api_key"],
        scoped=scoped,
        lacking=lacking,
        whole_key=whole,
        giving_key=giving,
        foreign_key=_new_key(mallory, mallory.client_id, [*SCOPES])["api_key"],
        key_elsewhere=_new_key(alice, elsewhere, [*SCOPES])["api_key"],
    )
    things(world, made)
    return world


def things(world: World, key: str) -> None:
    """One of everything that A has and that a path can name. A route that names something new needs one here."""
    alice, client = world.alice, world.alice.client_id
    invited = {"email": "invited@people.example", "role": "viewer"}
    alice.gateway.post("/auth/login", {"email": alice.email, "password": PASSWORD})  # a session that may be ended
    deleted = _made(alice.post("/clients", {"name": "Deleted"}))
    alice.delete(f"/clients/{deleted}")
    world.ids = {
        "client_id": client,
        "key_id": key,
        "key": world.key,
        "user_id": world.colleague.id,
        "session_id": alice.get("/auth/sessions").data[0]["id"],
        "invitation_id": _made(alice.post(f"/clients/{client}/invitations", invited)),
        "source": "mail",
        "letter_id": _dead_letter(world.backend, "mailer"),
    }
    erasure = alice.post(f"/privacy/erasures?client_id={client}", {"user_id": "nobody"})
    world.ids["operation_id"] = erasure.data["id"]
    world.ids["export_id"] = alice.post(f"/privacy/exports?client_id={client}", {"user_id": "nobody"}).data["id"]
    world.ids["suppression_id"] = _made(
        alice.post(f"/privacy/suppressions?client_id={client}", {"user_id": "unwanted", "reason": "asked"})
    )
    Tenant(alice).send(
        [{"type": "web3", "event": "swap", "userId": "ann", "walletAddress": "0x" + "ab" * 20, "chainId": 1}]
    )
    world.ids |= {"person_id": "ann", "event_name": "noise", "account": f"eip155:1:0x{'ab' * 20}"}
    rules = [{"did": {"name": "swap"}}]
    world.ids["cohort_id"] = _made(alice.post(f"/analytics/cohorts?client_id={client}", {"name": "c", "rules": rules}))
    task = {"name": "Call", "assignees": [alice.id]}
    world.ids["task_id"] = _made(world.colleague.post(f"/tasks?client_id={client}", task))
    world.ids["notification_id"] = _told(world, alice)
    lead = alice.post(f"/leads?client_id={client}", {"email": "lead@lovelace.example"})
    world.ids |= {"lead_id": _made(lead), "domain": "lovelace.example"}
    noted = alice.post(f"/leads/{_made(lead)}/interactions?client_id={client}", {"type": "note"})
    world.ids["interaction_id"] = _made(noted)
    ids = [_made(alice.post(f"/leads?client_id={client}", {"email": f"lead{n}@people.example"})) for n in range(4)]
    merges = [{"keep_id": ids[n], "other_id": ids[n + 1]} for n in (0, 2)]
    world.ids["merge_id"] = _made(alice.post(f"/leads/merge?client_id={client}", merges[0]))
    template = {"name": "Welcome", "subject": "Hi", "html": "<p>Hi</p>"}
    world.ids["template_id"] = _made(alice.post(f"/communication/email/templates?client_id={client}", template))
    world.ids["sequence_id"] = _sequence(alice, client, world.ids["template_id"])
    campaigns = {name: _campaign(alice, client, name) for name in ("email", "telegram")}
    world.ids["campaign_id"] = campaigns["email"]
    world.ids |= {"sender_id": _sender(client), "token": "forged"}
    planned = _planned(world, _campaign(alice, client, "email"))
    comment = {"content": "Done?"}
    comments = f"/tasks/{world.ids['task_id']}/comments?client_id={client}"
    world.ids["comment_id"] = _made(alice.post(comments, comment))
    by_key = world.gateway.post(comments, comment, headers={"X-API-Key": world.scoped["tasks:write"]})
    for spelling in ("task_comments.update", "task_comments.update.patch"):
        world.of_keys[spelling] = {"comment_id": _made(by_key)}
    question = alice.post(f"/analytics/questions?client_id={client}", {"kind": "sessions"})
    world.ids["question_id"] = question.data["id"]
    _saved(world, alice, client)
    world.special = {
        "organization.invitations": {"invitation_id": _made(alice.post("/organization/invitations", invited))},
        "clients.restore": {"client_id": deleted},
        "sequences.delete": {"sequence_id": _sequence(alice, client, world.ids["template_id"])},
        "campaigns.delete": {"campaign_id": _campaign(alice, client, "email")},
        "campaigns.delete.email": {"campaign_id": _campaign(alice, client, "email")},
        "campaigns.delivery": {"campaign_id": planned, "delivery_id": f"{planned}-0-0"},
        **{
            f"campaigns.{name}.broadcast": {"campaign_id": campaigns["telegram"]}
            for name in ("get", "start", "stats", "delete")
        },
    }
    world.bodies = {"leads.merge": merges[1], "members.add": {"user_id": world.editor_elsewhere.id, "role": "viewer"}}
    _search(world, alice, client)
    webinar = {"title": "w", "starts_at": "2098-01-01T09:00:00Z", "status": "published"}
    world.ids["webinar_id"] = _made(alice.post(f"/business/webinars?client_id={client}", webinar))
    visitor = {"email": "registrant@people.example"}
    registered = world.gateway.post(f"/business/webinars/{world.ids['webinar_id']}/register", visitor)
    world.ids["registration_id"] = _made(registered)
    weekly = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    kind = {"name": "b", "availability": {"weekly": weekly}}
    world.ids["type_id"] = _made(alice.post(f"/business/booking-types?client_id={client}", kind))
    slots = world.gateway.get(f"/business/bookings/slots?type_id={world.ids['type_id']}").data
    attendee = {"attendee": {"email": "attendee@people.example"}}
    booked = {"type_id": world.ids["type_id"], "starts_at": slots[0]["starts_at"], **attendee}
    world.ids["booking_id"] = _made(world.gateway.post("/business/bookings", booked))
    held = {"type_id": world.ids["type_id"], "starts_at": slots[6]["starts_at"]}
    world.ids["hold_id"] = _made(world.gateway.post("/business/bookings/holds", held))
    paper = {"title": "p", "gated": False}
    world.ids["whitepaper_id"] = _made(alice.post(f"/business/whitepapers?client_id={client}", paper))
    world.bodies["bookings.hold"] = {"type_id": world.ids["type_id"], "starts_at": slots[2]["starts_at"]}
    world.bodies["bookings.create"] = {**booked, "starts_at": slots[4]["starts_at"]}
    webhook = _made(alice.post(f"/webhooks?client_id={client}", {"url": "https://203.1.113.1/"}))
    world.ids |= {"webhook_id": webhook, "delivery_id": _delivery(world.backend, client, webhook)}
    world.ids["media_id"] = alice.post(f"/content/media?client_id={client}", ANNOUNCED).data["asset"]["id"]
    world.ids["bot_id"] = _made(alice.post(f"/bots?client_id={client}", {"token": next(tokens)}))
    world.bodies["bots.create"] = {"token": next(tokens)}
    world.bodies["bots.update"] = world.bodies["bots.update.patch"] = {"ai": {"enabled": False}}
    _alerts(world, alice, client)
    _integration(world, alice, client)
    world.ids["page_id"] = _made(alice.post(f"/content/pages?client_id={client}", {"slug": "a", "title": {"en": "A"}}))
    world.ids["number"] = "1"
    _creatives(world)
    _chat(world)
    _social(world)
    _reports(world, alice, client)
    world.special["wallets.proof"] = {"account": WALLET.address}
    _audience(world, lead.data["id"])
    _scoring(world, lead.data["id"])
    world.bodies["wallets.verify"] = _proven(alice)


def _saved(world: World, owner: Person, client: str) -> None:
    def made(noun: str, body: dict[str, Any]) -> str:
        return _made(owner.post(f"/analytics/{noun}?client_id={client}", body))

    question = {"name": "q", "question": {"kind": "lifecycle"}}
    world.ids["saved_question_id"] = made("saved-questions", question)
    world.ids["dashboard_id"] = made("dashboards", {"name": "d"})
    world.ids["annotation_id"] = made("annotations", {"at": "2026-11-16T09:00:00Z", "text": "a"})


def _sequence(owner: Person, client: str, template: str) -> str:
    everybody = {"audience": {"all": True}, "steps": [{"wait": "1d", "template_id": template}]}
    return _made(owner.post(f"/campaigns/sequences?client_id={client}", {"name": "s", **everybody}))


def _campaign(owner: Person, client: str, channel: str) -> str:
    what = {"message": "Hi"} if channel == "telegram" else {"subject": "Hi", "body": {"text": "Hi"}}
    lead = owner.get(f"/leads?client_id={client}&limit=1").data[0]["id"]
    body = {"name": "Sale", "channel": channel, "audience": {"lead_ids": [lead]}, **what}
    return _made(owner.post(f"/campaigns?client_id={client}", body))


def _scoring(world: World, lead_id: str) -> None:
    """Points by hand on the lead, and a model that nobody trained."""
    alice, client = world.alice, world.alice.client_id
    path = f"/leadscoring/results/{lead_id}/adjustments?client_id={client}"
    alice.post(path, {"points": 1, "reason": "Met"})
    world.ids["adjustment_id"] = alice.get(path).data[0]["id"]
    now, evaluation = utc_now(), Evaluation(5, 0.5, 0.7, 0.25, ())
    model = LogisticModel(new_id(), client, alice.id, now, Target(), 40, 20, evaluation, 0.0, (), (), now)
    DynamoModelStore().add(model)
    world.ids["model_id"] = model.id


def _audience(world: World, lead_id: str) -> None:
    """A list with the lead on it, and an address that opted out."""
    alice, query = world.alice, f"client_id={world.alice.client_id}"
    world.ids["list_id"] = _made(alice.post(f"/audience/lists?{query}", {"name": "News"}))
    alice.post(f"/audience/lists/{world.ids['list_id']}/members?{query}", {"lead_ids": [lead_id]})
    world.ids["opt_out_id"] = _made(alice.post(f"/audience/opt-outs?{query}", {"email": "nobody@people.example"}))
    rules = [{"field": "title", "operator": "exists"}]
    world.ids["segment_id"] = _made(alice.post(f"/audience/segments?{query}", {"name": "s", "rules": rules}))
    world.ids["import_id"] = _made(alice.post(f"/leads/import?{query}", {"upload": True}))
    world.bodies["consents.add"] = {"lead_id": lead_id, "channel": "email", "granted": True}


def _sender(client: str) -> str:
    """One that nobody tried out."""
    now = datetime.now(UTC)
    made = SenderIdentity("s-1", client, From("Shop", "a@b.example"), ProviderKind.SMTP, "", "u", now, now)
    return DynamoSenderStore().save(made, Entry("o", "sender.created", "u", "sender:s-1", {})).id


def _planned(world: World, campaign_id: str) -> str:
    """It has begun, and its audience is written down."""
    assert world.alice.post(f"/campaigns/{campaign_id}/send?client_id={world.alice.client_id}").status == 202
    waiting = [
        item["body"]["S"]
        for item in world.backend.items("core")
        if item["kind"]["S"] == "outbox" and item["queue"]["S"] == "campaigns"
    ]
    records = [{"messageId": str(number), "body": body} for number, body in enumerate(waiting)]
    call_handler(world.backend, "campaign_sender", {"Records": records})
    return campaign_id


def _alerts(world: World, alice: Person, client: str) -> None:
    """One that fires; instances are ended once each."""
    count = {"name": "a", "alert_type": "event_count", "condition_config": {"operator": "gt", "threshold": 9**9}}
    ids = [_made(alice.post(f"/alerts?client_id={client}", count)) for _ in range(3)]
    fired = [alice.post(f"/alerts/{identifier}/trigger?client_id={client}", {"force": True}).data for identifier in ids]
    until = {"matchers": {"severity": "info"}, "ends_at": "2099-01-01T00:00:00Z"}
    silence = _made(alice.post(f"/alerts/silences?client_id={client}", until))
    instance, resolved, dismissed = (firing["instance_ids"][0] for firing in fired)
    world.ids |= {"alert_id": ids[0], "instance_id": instance, "silence_id": silence}
    world.special["alert_instances.resolve"] = {"instance_id": resolved}
    world.special["alert_instances.dismiss"] = {"instance_id": dismissed}


def _social(world: World) -> None:
    """An account at each network, and a draft."""
    now, client = datetime.now(UTC), world.ids["client_id"]
    for network in Network:
        name = network.value
        account = Account(f"{name}-1", client, "o", network, "me", "@me", "Me", "", False, "u", now, now)
        DynamoAccountStore().save(account, None)
        draft = {"account_id": account.id, "text": "Hi"}
        post = world.alice.post(f"/communication/{name}/content?client_id={client}", draft)
        world.special[f"social.{name}."] = {"account_id": account.id, "post_id": _made(post)}
        world.bodies[f"social.{name}.accounts.connect"] = {}
        world.bodies[f"social.{name}.posts.create"] = {**draft, "text": "Ho"}
        world.bodies[f"social.{name}.posts.bulk"] = {"posts": [{**draft, "text": "Hey"}]}


def _chat(world: World) -> None:
    """A thread with a message, one that is scheduled, and a thread of the key that may write."""
    client, alice = world.ids["client_id"], world.alice
    sent = alice.post(f"/chat/send?client_id={client}", {"message": "Hello"}).data
    world.ids |= {"thread_id": sent["thread_id"], "message_id": sent["message_id"]}
    at = {
        "message": "Later",
        "thread_id": sent["thread_id"],
        "send_at": f"{datetime.now(UTC).year + 1}-01-01T00:00:00Z",
    }
    later = {"message_id": _made(alice.post(f"/chat/send?client_id={client}", at))}
    world.special["chat.message.cancel"] = later
    by_key = world.gateway.post("/chat/send", {"message": "Hi"}, headers={"X-API-Key": world.scoped["chat:write"]})
    world.of_keys["chat.threads.rate"] = {"thread_id": by_key.data["thread_id"]}
    world.bodies["chat.visitors.create"] = {"client_id": client}


def _reports(world: World, alice: Person, client: str) -> None:
    """A saved report with a link, another that may be deleted, and a schedule."""
    report = {"name": "r", "metrics": ["leads"], "save": True}
    ids = [alice.post(f"/reports/custom?client_id={client}", report).data["id"] for _ in range(2)]
    share = alice.post(f"/reports/{ids[0]}/share-links?client_id={client}", {})
    wanted = {"report_id": ids[0], "cron": "0 8 * * *", "recipients": ["boss@people.example"]}
    schedule = _made(alice.post(f"/reports/schedules?client_id={client}", wanted))
    world.ids |= {"report_id": ids[0], "share_id": _made(share), "schedule_id": schedule}
    world.special["reports.delete"] = {"report_id": ids[1]}
    world.special["reports.shared"] = {"token": share.data["url"].rpartition("/")[2]}


def _creatives(world: World) -> None:
    """A colleague's: nobody approves their own. Each decision has one that nobody changed before."""
    path = f"/creative-submissions?client_id={world.alice.client_id}"
    body = {"title": "Spring", "type": "copy", "text": "Spring"}
    ids = {
        decision: _made(world.colleague.post(path, body)) for decision in ("", "approve", "reject", "request_changes")
    }
    place = f"/creative-submissions/{ids['']}"
    client = f"?client_id={world.alice.client_id}"
    comment_id = _made(world.colleague.post(f"{place}/comments{client}", {"text": "Larger"}))
    world.ids |= {"creative_id": ids[""], "share_link_id": _made(world.alice.post(f"{place}/share-links{client}"))}
    world.special["creatives."] = {"comment_id": comment_id}
    world.special |= {f"creatives.{name}": {"creative_id": made} for name, made in ids.items() if name}


def _proven(owner: Person) -> dict[str, str]:
    body = {"user_id": "ada", "domain": "shop.example"}
    nonce = owner.post(f"/analytics/wallets/nonces?client_id={owner.client_id}", body).data["nonce"]
    message = WALLET.message(nonce, datetime.now(UTC))
    proof = {"message": message, "signature": WALLET.sign(message)}
    assert owner.post(f"/analytics/wallets/verify?client_id={owner.client_id}", proof).status == 200
    return proof


def _integration(world: World, owner: Person, client: str) -> None:
    """Connected, with a sync that waits and a record put aside."""
    wish = {"credentials": {"access_token": "t"}}
    made = owner.post(f"/integrations/meta_ads?client_id={client}", wish)
    assert made.status == 201, made.body
    world.ids |= {"platform": "meta_ads", "sync_id": made.data["sync_id"]}
    token = made.data["webhook_url"].rpartition("/")[2]
    world.special["integrations.hook"] = {"token": token}
    world.bodies["integrations.connect"] = wish


def _told(world: World, person: Person) -> str:
    """A notification of theirs."""
    waiting = [item for item in world.backend.items("core") if item["kind"]["S"] == "outbox"]
    bodies = [item["body"]["S"] for item in waiting if item["queue"]["S"] == "notifications"]
    records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    call_handler(world.backend, "notifications", {"Records": records})
    return person.get("/notifications").data[0]["id"]


def _search(world: World, alice: Person, client: str) -> None:
    """A goal, and somebody who was found for it."""
    goal = _made(alice.post(f"/search/goals?client_id={client}", {"goal": "Bakeries in Berlin"}))
    world.ids |= {"goal_id": goal, "strategy_id": goal}
    run = Run(client, goal, 1)
    facts = {"email": Fact("found@lovelace.example", 0.9)}
    candidate = Candidate(facts, (Source("https://lovelace.example/", "2026-11-30T09:00:00.000Z", ("email",)),))
    result = Result(result_id(run, 1, candidate), 1, candidate, 0.5, "e-mail known")
    table = world.backend.resources.tables["core"]
    world.backend.aws.dynamodb.put_item(TableName=table, Item=result_row(run, result))
    world.bodies["search.results.import"] = {"goal_id": goal, "result_ids": [result.id]}


def _delivery(backend: Backend, client_id: str, webhook_id: str) -> str:
    """One that has arrived."""
    now = datetime.now(UTC)
    delivery = Delivery("0-1", client_id, webhook_id, "e", "webhook.test", "{}", now, finished_at=now)
    row = delivery_row(replace(delivery, status=DeliveryStatus.DELIVERED))
    backend.aws.dynamodb.put_item(TableName=backend.resources.tables["ephemeral"], Item=row)
    return delivery.id


def _made(answer: Answer) -> str:
    assert answer.status == 201, answer.body
    return answer.data["id"]


def _dead_letter(backend: Backend, worker: str) -> str:
    url = backend.resources.dead_letters[worker]
    return backend.aws.sqs.send_message(QueueUrl=url, MessageBody="{}")["MessageId"]


def _new_key(owner: Person, client: str, scopes: list[str]) -> dict[str, Any]:
    answer = owner.post(f"/clients/{client}/api-keys", {"name": "k", "scopes": scopes})
    assert answer.status == 201, answer.body
    return answer.data


def _lacking(owner: Person, client: str) -> dict[str, str]:
    keys = {
        scopes: _new_key(owner, client, [*(SCOPES - frozenset(scopes))])["api_key"]
        for scopes in batched(sorted(SCOPES), 4, strict=False)
    }
    return {scope: key for scopes, key in keys.items() for scope in scopes}


def _grant(owner: Person, client: str, person: Person, role: str) -> None:
    assert owner.post(f"/clients/{client}/members", {"user_id": person.id, "role": role}).status == 201


def _disable(backend: Backend, person: Person) -> None:
    backend.aws.dynamodb.update_item(
        TableName=backend.resources.tables["core"],
        Key={"pk": {"S": f"USER#{person.id}"}, "sk": {"S": "USER"}},
        UpdateExpression="SET is_active = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )
