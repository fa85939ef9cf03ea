"""Accounts: sign-up, verification, profile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import Caller, Role
from groundswell.audit.model import ANONYMOUS, Entry
from groundswell.kernel.errors import Forbidden, require_version
from groundswell.kernel.ids import hash_secret
from groundswell.kernel.message import Message
from groundswell.tenancy.auth.events import about, by_caller, by_user
from groundswell.tenancy.auth.mails import verification_mail
from groundswell.tenancy.auth.model import (
    VERIFICATION_LIFETIME,
    Credential,
    EmailTaken,
    Link,
    LinkUsed,
    Purpose,
    SignupClosed,
    User,
    UserNotFound,
)
from groundswell.tenancy.clients.model import Client, ClientStatus, Membership
from groundswell.tenancy.clients.organization import Organization


class AccountStore(Protocol):
    def find(self, user_id: str) -> User | None: ...

    def credential(self, email: str) -> Credential | None: ...

    def create_with_organization(
        self,
        user: User,
        credential: Credential | None,
        organization: Organization,
        client: Client,
        membership: Membership,
        link: Link | None,
        message: Message | None,
        entry: Entry,
    ) -> User:
        """Everything a sign-up makes, or nothing; without a credential the address is not the user's yet.

        Raises EmailTaken.
        """

    def claim(
        self, user: User, credential: Credential, link: Link, holder: User | None, entries: Sequence[Entry]
    ) -> User:
        """The address goes from `holder`, who is closed, to the user, and with it what a sign-in was asked for besides.

        Raises LinkUsed if any of them changed meanwhile.
        """

    def join(self, user: User, credential: Credential, link: Link, message: Message, entry: Entry) -> User:
        """A user in an organization that exists. Raises EmailTaken."""

    def save(self, user: User) -> User:
        """Raises PreconditionFailed if someone else wrote first."""

    def link(self, token_hash: str) -> Link | None: ...

    def is_newest(self, link: Link) -> bool:
        """Whether its address was not sent a newer one for that purpose."""

    def replace_link(self, email: str, link: Link, message: Message | None, entry: Entry) -> None:
        """For whoever asked with that address; the earlier links for the purpose are good no more."""

    def verify(self, user: User, link: Link, entry: Entry) -> User:
        """User and used link together. Raises LinkUsed if the link was used meanwhile."""


class PasswordHashing(Protocol):
    def hash(self, password: str) -> str: ...


@dataclass(frozen=True)
class SignUp:
    """What a sign-up says. The e-mail is in its one normalized spelling, the password has passed the policy.

    An empty password is none: the account signs in some other way.
    """

    email: str
    password: str
    first_name: str
    last_name: str
    organization_name: str | None
    role: Role | None = None


@dataclass(frozen=True)
class AccountSettings:
    """`frontend_url` is where mailed links lead; `signup_mode` is open, invite or closed."""

    frontend_url: str
    signup_mode: str


class Seats(Protocol):
    def need_seat(self, org_id: str) -> None:
        """Raises SeatsTaken when the organization may have no more users."""


class AccountService:
    def __init__(
        self,
        store: AccountStore,
        seats: Seats,
        passwords: PasswordHashing,
        settings: AccountSettings,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_secret: Callable[[], str],
    ) -> None:
        self._store = store
        self._seats = seats
        self._passwords = passwords
        self._settings = settings
        self._now = now
        self._new_id = new_id
        self._new_secret = new_secret

    def register(self, sign_up: SignUp, by: Caller | None) -> User:
        """Anonymous: a user, an organization and its first client. By an org admin: a member of the own organization.

        Raises EmailTaken, SignupClosed, Forbidden, SeatsTaken.
        """
        return self._create_with_organization(sign_up) if by is None else self._join(sign_up, by)

    def register_verified(self, sign_up: SignUp) -> User:
        """The same for an anonymous caller whose address somebody else has verified, and who may have no password.

        Raises EmailTaken, SignupClosed.
        """
        return self._create_with_organization(sign_up, verified=True)

    def _create_with_organization(self, sign_up: SignUp, *, verified: bool = False) -> User:
        if self._settings.signup_mode != "open":
            raise SignupClosed
        now = self._now()
        name = sign_up.organization_name or f"{sign_up.first_name}'s organization"
        organization = Organization(self._new_id(), name, now)
        user = replace(self._user(sign_up, organization.id, Role.OWNER), is_verified=verified)
        client = Client(
            id=self._new_id(),
            org_id=organization.id,
            name=name,
            website=None,
            industry=None,
            timezone="UTC",
            status=ClientStatus.ACTIVE,
            created_by=user.id,
            created_at=now,
            updated_at=now,
        )
        membership = Membership(user.id, client.id, organization.id, Role.OWNER, now)
        link, mail = (None, None) if verified else self._verification(user)
        entry = by_user(user, "user.registered")
        credential = self._credential(sign_up, user)
        founded = organization, client, membership
        try:
            return self._store.create_with_organization(user, credential, *founded, link, mail, entry)
        except EmailTaken:
            if link is None or not self._is_claimable(sign_up.email):
                raise
        # Whoever reads the address's mail brings it along by confirming; until then it stays where it is.
        claiming = replace(link, password_hash=credential.password_hash)
        return self._store.create_with_organization(user, None, *founded, claiming, mail, entry)

    def _is_claimable(self, email: str) -> bool:
        holder = self._by_email(email)
        return holder is None or not holder.holds_address

    def _join(self, sign_up: SignUp, by: Caller) -> User:
        role = sign_up.role or Role.MEMBER
        if not by.administers_org:
            raise Forbidden("Only an admin of the organization adds users")
        if not by.org_role.covers(role) or role is Role.SUPER_ADMIN:
            raise Forbidden(f"You cannot give the role {role.value}")
        self._seats.need_seat(by.org_id)
        user = replace(self._user(sign_up, by.org_id, role), added_by=by.user_id)
        link, mail = self._verification(user)
        entry = by_caller(by, "user.registered", f"user:{user.id}", role=role.value)
        return self._store.join(user, self._credential(sign_up, user), link, mail, entry)

    def verify(self, token: str) -> User:
        """A second use, within the link's time, succeeds and changes nothing: mail programs click too.

        Raises LinkUsed.
        """
        link, now = self._link(token, Purpose.VERIFY), self._now()
        if now >= link.ends_at or (link.used_at is None and not self._store.is_newest(link)):
            raise LinkUsed
        user = self._find(link.user_id)
        if not user.is_active:
            raise LinkUsed
        if user.is_verified:
            return user
        if link.used_at is not None:
            raise LinkUsed
        if link.password_hash is not None:
            return self._claim(user.verified(now), replace(link, used_at=now), link.password_hash)
        verified = user.verified(now)
        try:
            verified = self._store.verify(verified, replace(link, used_at=now), by_user(user, "user.verified"))
        except LinkUsed:  # by another click at the same moment, whose success is this one's
            verified = self._find(user.id)
            if not verified.is_verified:
                raise
        return verified

    def _claim(self, user: User, link: Link, password_hash: str) -> User:
        held = self._store.credential(link.email)
        holder = self._store.find(held.user_id) if held else None
        if holder and holder.holds_address:
            raise LinkUsed
        credential = Credential(link.email, user.id, password_hash, held.version if held else 0)
        entries = [by_user(user, "user.verified")]
        closed = replace(holder, is_active=False, updated_at=self._now()) if holder else None
        if holder:
            entries.append(Entry(holder.org_id, "user.address_claimed", ANONYMOUS, f"user:{holder.id}"))
        return self._store.claim(user, credential, link, closed, entries)

    def resend_verification(self, email: str) -> None:
        """Silent when there is nobody to write to: the answer tells nothing about who has an account.

        The links sent before are good no more."""
        user = self._by_email(email)
        link, mail = Link.decoy(Purpose.VERIFY, self._new_secret(), self._now() + VERIFICATION_LIFETIME), None
        if user and user.is_active and not user.is_verified:
            link, mail = self._verification(user)
        self._store.replace_link(email, link, mail, about(user, email, "user.verification_requested"))

    def profile(self, caller: Caller) -> User:
        return self._find(caller.user_id)

    def update_profile(self, caller: Caller, changes: Mapping[str, object], expected: int | None) -> User:
        """Names and preferences only. Raises PreconditionFailed if someone else wrote first."""
        user = self._find(caller.user_id)
        require_version(expected, user.version)
        changed = replace(user, **changes)  # type: ignore[arg-type]  # the wire schema names the fields
        return user if changed == user else self._store.save(replace(changed, updated_at=self._now()))

    def _user(self, sign_up: SignUp, org_id: str, role: Role) -> User:
        now = self._now()
        return User(
            id=self._new_id(),
            org_id=org_id,
            email=sign_up.email,
            first_name=sign_up.first_name,
            last_name=sign_up.last_name,
            role=role,
            is_verified=False,
            is_active=True,
            created_at=now,
            updated_at=now,
        )

    def _credential(self, sign_up: SignUp, user: User) -> Credential:
        return Credential(sign_up.email, user.id, self._passwords.hash(sign_up.password) if sign_up.password else "")

    def _verification(self, user: User) -> tuple[Link, Message]:
        token = self._new_secret()
        link = Link(hash_secret(token), Purpose.VERIFY, user.id, user.email, self._now() + VERIFICATION_LIFETIME)
        mail = verification_mail(self._new_id(), user, token, self._settings.frontend_url)
        return link, mail.to_message()

    def _link(self, token: str, purpose: Purpose) -> Link:
        link = self._store.link(hash_secret(token))
        if link is None or link.purpose is not purpose:
            raise LinkUsed
        return link

    def _find(self, user_id: str) -> User:
        user = self._store.find(user_id)
        if user is None:
            raise UserNotFound
        return user

    def _by_email(self, email: str) -> User | None:
        credential = self._store.credential(email)
        return self._store.find(credential.user_id if credential else "nobody")
