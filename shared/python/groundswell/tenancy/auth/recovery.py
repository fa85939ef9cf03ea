"""New passwords: asked for by mail when the old one is forgotten, or changed by who knows it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import Caller
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid
from groundswell.kernel.ids import hash_secret
from groundswell.kernel.message import Message
from groundswell.tenancy.auth.events import about, by_caller, by_user
from groundswell.tenancy.auth.mails import reset_mail
from groundswell.tenancy.auth.model import RESET_LIFETIME, Credential, Link, LinkUsed, Purpose, User
from groundswell.tenancy.auth.signin import SessionStore


class PasswordStore(Protocol):
    def find(self, user_id: str) -> User | None: ...

    def credential(self, email: str) -> Credential | None: ...

    def link(self, token_hash: str) -> Link | None: ...

    def is_newest(self, link: Link) -> bool:
        """Whether its address was not sent a newer one for that purpose."""

    def replace_link(self, email: str, link: Link, message: Message | None, entry: Entry) -> None:
        """For whoever asked with that address; the earlier links for the purpose are good no more."""

    def reset(self, user: User, credential: Credential, link: Link, entry: Entry, ended: Sequence[str]) -> None:
        """User, new credential, used link, the end of these sessions and of what strangers had to wait for, together.
        Raises LinkUsed."""

    def change_password(self, credential: Credential, entry: Entry, ended: Sequence[str]) -> None:
        """New credential and the end of these sessions, together. Raises PreconditionFailed."""


class Passwords(Protocol):
    def hash(self, password: str) -> str: ...

    def matches(self, password: str, password_hash: str | None) -> bool: ...

    def check(self, password: str, email: str, field: str) -> None:
        """Raises Invalid for one outside the policy."""


class PasswordService:
    """`frontend_url` is where mailed links lead."""

    def __init__(
        self,
        store: PasswordStore,
        sessions: SessionStore,
        passwords: Passwords,
        frontend_url: str,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_secret: Callable[[], str],
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._passwords = passwords
        self._frontend_url = frontend_url
        self._now = now
        self._new_id = new_id
        self._new_secret = new_secret

    def request_reset(self, email: str) -> None:
        """Silent, and as long at work, when there is nobody to write to. The links sent before are good no more."""
        credential = self._store.credential(email)
        user = self._store.find(credential.user_id if credential else "nobody")
        token, ends_at = self._new_secret(), self._now() + RESET_LIFETIME
        link, mail = Link.decoy(Purpose.RESET, token, ends_at), None
        if user and user.is_active:
            link = Link(hash_secret(token), Purpose.RESET, user.id, user.email, ends_at)
            mail = reset_mail(self._new_id(), user, token, self._frontend_url).to_message()
        self._store.replace_link(email, link, mail, about(user, email, "password.reset_requested"))

    def reset(self, token: str, password: str) -> Credential:
        """Set a new password and end every session. Returns what the owner has proven to own.

        Raises LinkUsed, Invalid (`new_password`).
        """
        now = self._now()
        link = self._store.link(hash_secret(token))
        if link is None or not link.good(Purpose.RESET, now) or not self._store.is_newest(link):
            raise LinkUsed
        user, credential = self._store.find(link.user_id), self._store.credential(link.email)
        if user is None or credential is None:
            raise LinkUsed
        self._passwords.check(password, link.email, "new_password")
        changed = replace(credential, password_hash=self._passwords.hash(password))
        # Whoever can read the mail owns the address: a reset verifies it too.
        used = replace(link, used_at=now)
        ended = self._living(user.id)
        self._store.reset(user.verified(now), changed, used, by_user(user, "password.reset"), ended)
        self._sweep(user.id)
        return changed

    def change(self, caller: Caller, current: str, new: str) -> Credential:
        """Set a new password and end every other session. Raises Invalid (`current_password`).

        400 and not 401, which would tell clients that the session is over.
        """
        credential = self._store.credential(caller.email)
        genuine = self._passwords.matches(current, credential.password_hash if credential else None)
        if credential is None or not genuine:
            raise Invalid.on("current_password", "is wrong", "wrong")
        changed = replace(credential, password_hash=self._passwords.hash(new))
        ended = self._living(caller.user_id, but=caller.session_id)
        self._store.change_password(changed, by_caller(caller, "password.changed"), ended)
        self._sweep(caller.user_id, but=caller.session_id)
        return changed

    def _living(self, user_id: str, but: str | None = None) -> tuple[str, ...]:
        return tuple(session.id for session in self._sessions.of_user(user_id) if session.id != but)

    def _sweep(self, user_id: str, but: str | None = None) -> None:
        """Sign-ins with the old password that were under way: none can succeed after the credential has changed."""
        late = self._living(user_id, but)
        if late:
            self._sessions.end(user_id, late, None)
