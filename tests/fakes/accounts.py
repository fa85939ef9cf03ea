"""Accounts, sessions and sign-in failures in memory."""

from dataclasses import replace
from datetime import datetime

from groundswell.auth.model import Credential, EmailTaken, Link, LinkUsed, Session, User
from groundswell.clients.model import Client, Membership, Organization
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message


class FakeAccountStore:
    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.credentials: dict[str, Credential] = {}
        self.links: dict[str, Link] = {}
        self.clients: list[tuple[Organization, Client, Membership]] = []
        self.said: list[Message] = []

    def find(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    def credential(self, email: str) -> Credential | None:
        return self.credentials.get(email)

    def found(
        self,
        user: User,
        credential: Credential,
        organization: Organization,
        client: Client,
        membership: Membership,
        link: Link,
        say: Message,
    ) -> User:
        saved = self.join(user, credential, link, say)
        self.clients.append((organization, client, membership))
        return saved

    def join(self, user: User, credential: Credential, link: Link, say: Message) -> User:
        if credential.email in self.credentials:
            raise EmailTaken
        self.save_credential(credential)
        self.add_link(link, say)
        return self.save(user)

    def save(self, user: User) -> User:
        stored = self.users.get(user.id)
        if user.version != (stored.version if stored else 0):
            raise PreconditionFailed
        self.users[user.id] = replace(user, version=user.version + 1)
        return self.users[user.id]

    def link(self, token_hash: str) -> Link | None:
        return self.links.get(token_hash)

    def add_link(self, link: Link, say: Message) -> None:
        self._save_link(link)
        self.said.append(say)

    def pretend_link(self, link: Link) -> None:
        self._save_link(link)

    def verify(self, user: User, link: Link) -> None:
        self._save_link(link)
        self.save(user)

    def reset(self, user: User, credential: Credential, link: Link) -> None:
        self._save_link(link)
        self.save_credential(credential)
        self.save(user)

    def save_credential(self, credential: Credential) -> None:
        self.credentials[credential.email] = replace(credential, version=credential.version + 1)

    def _save_link(self, link: Link) -> None:
        stored = self.links.get(link.token_hash)
        if link.version != (stored.version if stored else 0):
            raise LinkUsed
        self.links[link.token_hash] = replace(link, version=link.version + 1)


class FakeSignInStore:
    def __init__(self, accounts: FakeAccountStore) -> None:
        self._accounts = accounts
        self.failures: dict[str, tuple[int, int]] = {}

    def look_up(self, email: str) -> tuple[Credential | None, int, int]:
        return self._accounts.credential(email), *self.failures.get(email, (0, 0))

    def count_failure(self, email: str, at_ms: int) -> None:
        self.failures[email] = (self.failures.get(email, (0, 0))[0] + 1, at_ms)

    def forget_failures(self, email: str) -> None:
        self.failures.pop(email, None)


class FakeSessionStore:
    def __init__(self) -> None:
        self.sessions: dict[tuple[str, str], Session] = {}

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

    def end(self, user_id: str, session_id: str) -> None:
        self.sessions.pop((user_id, session_id), None)

    def of_user(self, user_id: str) -> tuple[Session, ...]:
        return tuple(each for each in self.sessions.values() if each.user_id == user_id)


class FakePasswords:
    """Counts its work. A hash is the password behind a mark; one made with `old:` is outdated."""

    def __init__(self) -> None:
        self.checked = 0

    def hash(self, password: str) -> str:
        return f"hashed:{password}"

    def matches(self, password: str, password_hash: str | None) -> bool:
        self.checked += 1
        return password_hash is not None and password_hash.partition(":")[2] == password

    def is_outdated(self, password_hash: str) -> bool:
        return password_hash.startswith("old:")
