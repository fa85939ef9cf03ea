"""Accounts, sessions and sign-in failures in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid, PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.tenancy.auth.backoff import Overtaken, Tries
from groundswell.tenancy.auth.factor import SecondFactor, WrongCode
from groundswell.tenancy.auth.model import Credential, EmailTaken, Link, LinkUsed, Session, User, WrongCredentials
from groundswell.tenancy.auth.signin import Admission, Known
from groundswell.tenancy.clients.model import Client, Membership
from groundswell.tenancy.clients.organization import Organization


class FakeAccountStore:
    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.credentials: dict[str, Credential] = {}
        self.links: dict[str, Link] = {}
        self.newest: dict[tuple[str, str], str] = {}
        self.clients: list[tuple[Organization, Client, Membership]] = []
        self.said: list[Message] = []
        self.noted: list[Entry] = []
        self.ended: list[tuple[str, str]] = []

    def find(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    def credential(self, email: str) -> Credential | None:
        return self.credentials.get(email)

    def create_with_organization(
        self,
        user: User,
        credential: Credential,
        organization: Organization,
        client: Client,
        membership: Membership,
        link: Link | None,
        message: Message | None,
        entry: Entry,
    ) -> User:
        saved = self.join(user, credential, link, message, entry)
        self.clients.append((organization, client, membership))
        return saved

    def join(
        self, user: User, credential: Credential, link: Link | None, message: Message | None, entry: Entry
    ) -> User:
        if credential.email in self.credentials:
            raise EmailTaken
        self.save_credential(credential)
        if link:
            self._add_link(link, message, entry)
        return self.save(user)

    def save(self, user: User) -> User:
        stored = self.users.get(user.id)
        if user.version != (stored.version if stored else 0):
            raise PreconditionFailed
        self.users[user.id] = replace(user, version=user.version + 1)
        return self.users[user.id]

    def link(self, token_hash: str) -> Link | None:
        return self.links.get(token_hash)

    def is_newest(self, link: Link) -> bool:
        return self.newest.get((link.email, link.purpose)) in (None, link.token_hash)

    def replace_link(self, email: str, link: Link, message: Message | None, entry: Entry) -> None:
        self.newest[email, link.purpose] = link.token_hash
        self._add_link(link, message, entry)

    def _add_link(self, link: Link, message: Message | None, entry: Entry) -> None:
        self._save_link(link)
        self.said += [message] if message else []
        self.noted.append(entry)

    def pretend_link(self, link: Link) -> None:
        self._save_link(link)

    def verify(self, user: User, link: Link, entry: Entry) -> User:
        self._save_link(link)
        self.noted.append(entry)
        return self.save(user)

    def reset(self, user: User, credential: Credential, link: Link, entry: Entry, ended: Sequence[str]) -> None:
        self._save_link(link)
        self.save(user)
        self.change_password(credential, entry, ended)

    def change_password(self, credential: Credential, entry: Entry, ended: Sequence[str]) -> None:
        stored = self.credentials[credential.email]
        if credential.version != stored.version:
            raise PreconditionFailed
        self.save_credential(credential)
        self.ended += [(credential.user_id, session_id) for session_id in ended]
        self.noted.append(entry)

    def save_credential(self, credential: Credential) -> None:
        self.credentials[credential.email] = replace(credential, version=credential.version + 1)

    def _save_link(self, link: Link) -> None:
        stored = self.links.get(link.token_hash)
        if link.version != (stored.version if stored else 0):
            raise LinkUsed
        self.links[link.token_hash] = replace(link, version=link.version + 1)


class FakeSignInStore:
    """Begins sessions in the given store, as the real one does in its transaction."""

    def __init__(self, accounts: FakeAccountStore, sessions: "FakeSessionStore") -> None:
        self._accounts = accounts
        self._sessions = sessions
        self.failures: dict[tuple[str, str], Tries] = {}
        self.factors: dict[str, SecondFactor] = {}

    def look_up(self, email: str, lanes: Sequence[str]) -> Known:
        credential, factor = self._accounts.credential(email), self.factors.get(email)
        return Known(email, credential, factor, tuple(self._tries(email, lane) for lane in lanes))

    def refuse(self, tries: Tries, at_ms: int, entry: Entry) -> None:
        self.confirm(tries)
        self.failures[tries.email, tries.lane] = replace(tries, failures=tries.failures + 1, failed_at_ms=at_ms)
        self._accounts.noted.append(entry)

    def confirm(self, tries: Tries) -> None:
        if self._tries(tries.email, tries.lane) != tries:
            raise Overtaken

    def _tries(self, email: str, lane: str) -> Tries:
        return self.failures.get((email, lane), Tries(email, lane))

    def admit(self, admission: Admission) -> None:
        read, spent = admission.credential, admission.spent
        self.confirm(admission.tries)
        if read and read.version != self._accounts.credentials[read.email].version:
            raise WrongCredentials
        if spent and spent.version != self.factors[spent.email].version:
            raise WrongCode
        if spent:
            self.factors[spent.email] = replace(spent, version=spent.version + 1)
        if admission.rehashed:
            self._accounts.save_credential(admission.rehashed)
        self.failures.pop((admission.tries.email, admission.tries.lane), None)
        self._sessions.add(admission.session)
        user = self._accounts.users[admission.session.user_id]
        self._accounts.users[user.id] = user.admitted(admission.session.created_at)
        self._accounts.noted += admission.entries


class FakeSessionStore:
    def __init__(self) -> None:
        self.sessions: dict[tuple[str, str], Session] = {}
        self.noted: list[Entry] = []

    def add(self, session: Session) -> None:
        self.sessions[session.user_id, session.id] = session

    def find(self, user_id: str, session_id: str) -> Session | None:
        return self.sessions.get((user_id, session_id))

    def rotate(self, session: Session, new: str, now: datetime) -> bool:
        stored = self.find(session.user_id, session.id)
        if stored is None or stored.current != session.current:
            return False
        self.add(replace(stored, previous=stored.current, current=new, rotated_at=now))
        return True

    def end(self, user_id: str, session_ids: Sequence[str], entry: Entry | None) -> None:
        for session_id in session_ids:
            self.sessions.pop((user_id, session_id), None)
        self.noted += [entry] if entry else []

    def of_user(self, user_id: str) -> tuple[Session, ...]:
        return tuple(session for session in self.sessions.values() if session.user_id == user_id)


class FakeFactorStore:
    """Shares its factors with a sign-in store."""

    def __init__(self, factors: dict[str, SecondFactor]) -> None:
        self._factors = factors
        self.noted: list[Entry] = []
        self.said: list[Message] = []

    def find(self, email: str) -> SecondFactor | None:
        return self._factors.get(email)

    def save(self, factor: SecondFactor, entry: Entry | None = None, message: Message | None = None) -> None:
        stored = self.find(factor.email)
        if factor.version != (stored.version if stored else 0):
            raise PreconditionFailed
        self._factors[factor.email] = replace(factor, version=factor.version + 1)
        self.noted += [entry] if entry else []
        self.said += [message] if message else []

    def remove(self, factor: SecondFactor, entry: Entry, message: Message) -> None:
        if factor.version != self._factors[factor.email].version:
            raise PreconditionFailed
        del self._factors[factor.email]
        self.noted.append(entry)
        self.said.append(message)


class FakeSealer:
    """Sealed text names its context, and opens in no other."""

    def seal(self, plain: bytes, context: Mapping[str, str]) -> str:
        return f"{sorted(context.items())}:{plain.hex()}"

    def open(self, sealed: str, context: Mapping[str, str]) -> bytes:
        where, _, plain = sealed.rpartition(":")
        assert where == str(sorted(context.items()))
        return bytes.fromhex(plain)


class FakePasswords:
    """Counts its work. A hash is the password behind a mark; one made with `old:` is outdated."""

    def __init__(self) -> None:
        self.checked = 0

    def hash(self, password: str) -> str:
        return f"hashed:{password}"

    def matches(self, password: str, password_hash: str | None) -> bool:
        self.checked += 1
        return password_hash is not None and password_hash.partition(":")[2] == password

    def check(self, password: str, email: str, field: str) -> None:
        if password == email:
            raise Invalid.on(field, "must not be the e-mail address", "context")

    def is_outdated(self, password_hash: str) -> bool:
        return password_hash.startswith("old:")
