"""Users of an organization, administered. The last owner stays, as in `members.service`: by a witness."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import OrgContext, Role
from groundswell.admin.users.mails import welcome_mail
from groundswell.admin.users.model import INVITED_FOR_HOURS, NewUser, OwnAccount
from groundswell.audit.model import Entry
from groundswell.kernel.errors import require_version
from groundswell.kernel.ids import can_be_id, hash_secret
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.auth.factor import SecondFactor
from groundswell.tenancy.auth.mails import FACTOR_RESET, factor_mail
from groundswell.tenancy.auth.model import Credential, EmailTaken, Link, Purpose, Session, User, UserNotFound
from groundswell.tenancy.auth.search import UserSearch
from groundswell.tenancy.members.model import LastOwner, WitnessGone, need_grantable, need_power_over

_ATTEMPTS = 12  # of those that write at once one gets through each time


class UserStore(Protocol):
    def page(self, org_id: str, search: UserSearch, limit: int, position: Position | None) -> Page[User]:
        """In the order of sign-up. A rare find may leave the page short, or empty, with a next."""

    def find(self, user_id: str) -> User | None: ...

    def name_of(self, org_id: str) -> str: ...

    def has_address(self, user: User) -> bool:
        """Whether the user's address is still theirs: once closed, its owner may have taken it elsewhere."""

    def other_owners(self, org_id: str, but: str) -> tuple[str, ...]:
        """Some ids of active owners; a moment old."""

    def add(self, user: User, credential: Credential, link: Link, message: Message, entry: Entry) -> User:
        """Raises EmailTaken."""

    def save(self, user: User, entries: Sequence[Entry], witness: str | None) -> User:
        """Raises PreconditionFailed if someone else wrote first, WitnessGone."""


class Factors(Protocol):
    def find(self, email: str) -> SecondFactor | None: ...

    def remove(self, factor: SecondFactor, entry: Entry, message: Message) -> None: ...


class Sessions(Protocol):
    def of_user(self, user_id: str) -> tuple[Session, ...]: ...

    def end(self, user_id: str, session_ids: Sequence[str], entry: Entry | None) -> None: ...


class Seats(Protocol):
    def need_seat(self, org_id: str) -> None:
        """Raises SeatsTaken when the organization may have no more users."""


class Promises(Protocol):
    def withdraw(self, by: str, actor: str) -> None:
        """What somebody has promised and may not promise any more."""


class Passwords(Protocol):
    def check(self, password: str, email: str) -> None:
        """Raises Invalid for one outside the policy."""

    def hash(self, password: str) -> str: ...


class UserAdminService:
    def __init__(
        self,
        store: UserStore,
        factors: Factors,
        sessions: Sessions,
        passwords: Passwords,
        seats: Seats,
        promises: Promises,
        frontend_url: str,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_secret: Callable[[], str],
    ) -> None:
        self._store = store
        self._factors = factors
        self._sessions = sessions
        self._passwords = passwords
        self._seats = seats
        self._promises = promises
        self._frontend_url = frontend_url
        self._now = now
        self._new_id = new_id
        self._new_secret = new_secret

    def list(self, who: OrgContext, search: UserSearch, limit: int, position: Position | None) -> Page[User]:
        return self._store.page(who.org_id, search, limit, position)

    def get(self, who: OrgContext, user_id: str) -> User:
        """Raises UserNotFound."""
        user = self._store.find(user_id) if can_be_id(user_id) else None
        if user is None or user.org_id != who.org_id:
            raise UserNotFound
        return user

    def create(self, who: OrgContext, new: NewUser) -> User:
        """A mail asks the person to confirm the address, or to choose a password where none was set.

        Raises RoleTooHigh, EmailTaken, Invalid, SeatsTaken.
        """
        need_grantable(who.role, new.role)
        if new.password is not None:
            self._passwords.check(new.password, new.email)
        self._seats.need_seat(who.org_id)
        now, token = self._now(), self._new_secret()
        user = User(
            id=self._new_id(),
            org_id=who.org_id,
            email=new.email,
            first_name=new.first_name,
            last_name=new.last_name,
            role=new.role,
            is_verified=False,
            is_active=True,
            created_at=now,
            updated_at=now,
            added_by=who.actor_id,
        )
        # An empty hash matches no password: the link of the mail sets the first one.
        credential = Credential(new.email, user.id, self._passwords.hash(new.password) if new.password else "")
        purpose = Purpose.VERIFY if new.password else Purpose.RESET
        link = Link(hash_secret(token), purpose, user.id, user.email, now + timedelta(hours=INVITED_FOR_HOURS))
        place = self._store.name_of(who.org_id)
        mail = welcome_mail(self._new_id(), user, place, purpose, token, self._frontend_url)
        entry = _entry(who, user, "user.created", role=user.role.value)
        return self._store.add(user, credential, link, mail.to_message(), entry)

    def update(self, who: OrgContext, user_id: str, changes: Mapping[str, Any], expected: int | None) -> User:
        """Names, role and `is_active`. Deactivation ends the user's sessions.

        Raises UserNotFound, RoleTooHigh, OwnAccount, LastOwner, PreconditionFailed.
        """
        user = self.get(who, user_id)
        require_version(expected, user.version)
        need_power_over(who.role, user.role)
        changed = replace(user, **changes)
        if changed == user:
            return user
        if (changed.role, changed.is_active) != (user.role, user.is_active):
            self._need_allowed(who, user, changed)
        saved = self._save(user, replace(changed, updated_at=self._now()), _entries(who, user, changed))
        if user.is_active and not saved.is_active:
            self._end_sessions(saved)
        if (saved.role, saved.is_active) != (user.role, user.is_active):
            self._promises.withdraw(user.id, who.actor_id)
        return saved

    def deactivate(self, who: OrgContext, user_id: str) -> User:
        """Soft: what the user made stays. Deactivating a deactivated user changes nothing."""
        return self.update(who, user_id, {"is_active": False}, None)

    def reset_factor(self, who: OrgContext, user_id: str) -> User:
        """Take a second factor off for somebody who lost it, or whom somebody else locked out; sessions end with it,
        and the person is told. Without one, nothing changes.

        Raises UserNotFound, RoleTooHigh, OwnAccount (who can remove the own one with a code).
        """
        user = self.get(who, user_id)
        need_power_over(who.role, user.role)
        if user.id == who.actor_id:
            raise OwnAccount
        factor = self._factors.find(user.email)
        if factor is not None and factor.user_id == user.id:
            mail = factor_mail(self._new_id(), user.email, user.first_name, FACTOR_RESET)
            self._factors.remove(factor, _entry(who, user, "totp.reset"), mail.to_message())
            self._end_sessions(user)
        return user

    def _need_allowed(self, who: OrgContext, user: User, changed: User) -> None:
        if user.id == who.actor_id:
            raise OwnAccount
        if changed.role is not user.role:
            need_grantable(who.role, changed.role)
        if changed.is_active and not user.is_active:
            if not self._store.has_address(user):
                raise EmailTaken
            self._seats.need_seat(who.org_id)

    def _save(self, user: User, changed: User, entries: Sequence[Entry]) -> User:
        owned = user.role.covers(Role.OWNER) and user.is_active
        if not owned or (changed.role.covers(Role.OWNER) and changed.is_active):
            return self._store.save(changed, entries, None)
        for _ in range(_ATTEMPTS):
            others = self._store.other_owners(user.org_id, user.id)
            for witness in others:
                try:
                    return self._store.save(changed, entries, witness)
                except WitnessGone:
                    continue
            if not others:
                raise LastOwner
        raise WitnessGone

    def _end_sessions(self, user: User) -> None:
        """What is left of them opens nothing anyway: a deactivated user is refused."""
        self._sessions.end(user.id, [session.id for session in self._sessions.of_user(user.id)], None)


def _entries(who: OrgContext, user: User, changed: User) -> list[Entry]:
    entries = []
    if changed.role is not user.role:
        entries.append(_entry(who, user, "user.role_changed", role=changed.role.value, before=user.role.value))
    if changed.is_active is not user.is_active:
        entries.append(_entry(who, user, "user.activated" if changed.is_active else "user.deactivated"))
    return entries or [_entry(who, user, "user.updated")]


def _entry(who: OrgContext, user: User, action: str, **details: str) -> Entry:
    return Entry(user.org_id, action, who.actor_id, f"user:{user.id}", details)
