"""The words in which `catalogue` describes a platform. The engine knows nothing of any platform but these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from groundswell.integrations.problems import Classify

type Category = Literal["ads", "crm", "payments", "commerce", "email", "analytics"]
type AuthKind = Literal["oauth2", "api_key", "basic"]
type Credentials = Mapping[str, str]
type StreamKind = Literal["ads", "contact", "payment", "order", "deal", "subscription", "other"]


@dataclass(frozen=True)
class Call:
    """One request. `path` follows the platform's base; `query` is encoded, `path` is sent as it is.

    `body` is sent as JSON, `form` as a form.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Account:
    """What a connection reads from: an ad account, a property, a shop. `timezone` is an IANA name."""

    id: str
    name: str = ""
    currency: str = ""
    timezone: str = ""


@dataclass(frozen=True)
class At:
    """Where a stream is being read. `first` and `last` (inclusive) are days of the account's zone where the stream goes
    by days; `since` is where it goes by changes, None for everything. `cursor` is the page, None for the first."""

    account: Account
    first: date
    last: date
    since: datetime | None
    cursor: str | None
    credentials: Credentials
    settings: Mapping[str, str] = field(default_factory=dict)


type Ask = Callable[[At], Call]
type Next = Callable[[Any, Mapping[str, str], At], str | None]
"""The next page's cursor, from an answer's JSON and headers; None at the end."""
type Settings = Mapping[str, str]
type Spec = str | Callable[[Any, Settings], Any]
"""Where a field is in a record (JMESPath), or what makes it of one and the connection's settings."""
type Pick = Callable[[Any, At], Sequence[Any]]
"""The records of an answer, where no path leads to them."""


@dataclass(frozen=True)
class Stream:
    """One kind of records.

    By days (`window_days`): windows of so many days, of which the last `lookback_days` are read again, because
    platforms attribute late; by changes (`window_days` is None): what changed since the last time, less
    `overlap_minutes`. `follows` says that a cursor is the next page's path. `once` is for streams without accounts.
    """

    name: str
    kind: StreamKind
    ask: Ask
    items: str | Pick
    fields: Mapping[str, Spec]
    next: Next | None = None
    follows: bool = False
    window_days: int | None = None
    lookback_days: int = 28
    history_days: int = 365
    overlap_minutes: int = 10
    rereads: bool = False
    """By changes, but the platform filters by creation only: what is younger than `lookback_days` is read again."""
    steps: "Steps | None" = None


@dataclass(frozen=True)
class Steps:
    """A report that is submitted, polled and downloaded: `ask` submits. `handle` is the report's name in that answer;
    `ready` answers where it lies once it is done, and `fetch` asks for it."""

    handle: str
    poll: Callable[[At, str], Call]
    ready: Callable[[Any], str | None]
    unpack: Callable[[bytes], Sequence[Any]]


@dataclass(frozen=True)
class Field:
    """A credential, as people are asked for it. `aliases` are other names that it goes by. `shape` makes of what people
    paste what is kept, and raises ValueError for what is none."""

    name: str
    label: str
    required: bool = True
    secret: bool = True
    aliases: tuple[str, ...] = ()
    pattern: str = ""
    shape: Callable[[str], str] = str.strip


@dataclass(frozen=True)
class OAuth:
    """RFC 6749. Hosts are URLs without a path; an empty `token_host` is the API's own. `basic`: the client
    authenticates by Basic, else in the form. `exchange` and `renew` are for platforms with calls of their own;
    `token` is where an answer has the tokens (JMESPath). `details` asks the token's host for what else is to be kept,
    by name and place. `assertion` makes of a key, scopes and audience what is turned into a token (RFC 7523)."""

    authorize: str
    token_path: str
    scopes: str
    token_host: str = ""
    pkce: bool = True
    basic: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)
    client_param: str = "client_id"
    redirect_param: str = "redirect_uri"
    exchange: Callable[[Mapping[str, str]], Call] | None = None
    renew: Callable[[Credentials, Mapping[str, str]], Call] | None = None
    token: str = "@"  # noqa: S105 - a place
    code_param: str = "code"
    details: Callable[[Credentials], Call] | None = None
    detail_fields: Mapping[str, str] = field(default_factory=dict)
    assertion: Callable[[str, str, str], str] | None = None
    prefixed: bool = True
    """Whether an API's own token path follows the version's prefix."""


@dataclass(frozen=True)
class Accounts:
    """How accounts are listed: `fields` has specs for `id, name, currency, timezone`. Where the list is not
    `complete`, an account that is not in it is tried by reading a day of it. `spelled` makes one of however people
    write an id."""

    ask: Ask
    items: str | Pick
    fields: Mapping[str, Spec]
    next: Next | None = None
    follows: bool = False
    complete: bool = True
    spelled: Callable[[str], str] = str


@dataclass(frozen=True)
class Hook:
    """A platform's webhooks: whether a body is the platform's, which id it has, and which streams it tells of."""

    secret: str
    verify: Callable[[str, Mapping[str, str], bytes, float], bool]
    event_id: Callable[[Mapping[str, str], Any], str]
    streams: Callable[[Mapping[str, str], Any], tuple[str, ...]]
    records: Callable[[Mapping[str, str], Any], tuple[tuple[str, Any], ...]] | None = None


@dataclass(frozen=True)
class Platform:
    """`url` is the API's origin, `prefix` the version's path. `base` makes the origin of credentials where it is the
    customer's own; `foreign` says that it may be any host at all. `sign` puts the credentials into a call;
    it finds the API's address among them (`base_url`). `probe`
    tries credentials where no list of accounts does. `message` is where errors have their words (JMESPath)."""

    name: str
    title: str
    category: Category
    auth: AuthKind
    url: str
    credentials: tuple[Field, ...]
    sign: Callable[[Call, Credentials], Call]
    streams: tuple[Stream, ...]
    prefix: str = ""
    base: Callable[[Credentials], str] | None = None
    foreign: bool = False
    accounts: Accounts | None = None
    probe: Ask | None = None
    account: Callable[[Credentials], Account] | None = None
    message: str = "error.message"
    classify: Classify | None = None
    oauth: OAuth | None = None
    hook: Hook | None = None
    revoke: Callable[[Credentials], Call] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def stream(self, name: str) -> Stream | None:
        return next((stream for stream in self.streams if stream.name == name), None)

    @property
    def takes_accounts(self) -> bool:
        return self.accounts is not None
