"""Credentials as people give them: named, completed, and tried at the platform before anything is kept."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from groundswell.integrations.addressing import Places
from groundswell.integrations.model import CredentialsRejected
from groundswell.integrations.oauth import is_due, merged, renewal_call, tokens_of
from groundswell.integrations.platform import Account, Accounts, At, Credentials, Field, Platform
from groundswell.integrations.problems import Problem
from groundswell.integrations.reading import Http, Reader
from groundswell.integrations.records import picked
from groundswell.kernel.errors import FieldProblem, Invalid, Outage, Overloaded, Unavailable

_ACCOUNTS_AT_MOST = 50
_ACCOUNT_NAMES = ("account_id", "ad_account_id", "advertiser_id", "customer_id", "property_id")


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for, in the platform's own names."""

    credentials: Mapping[str, str]
    account_ids: tuple[str, ...]


def wanted(platform: Platform, values: Mapping[str, str], account_ids: Sequence[str], *, whole: bool) -> Wanted:
    """Raises Invalid, naming each credential that is unknown, missing (where it should be `whole`) or misspelled."""
    fields = {credential.name: credential for credential in platform.credentials}
    names = {alias: credential.name for credential in platform.credentials for alias in credential.aliases} | {
        name: name for name in fields
    }
    credentials, ids, problems = dict[str, str](), list(account_ids), list[FieldProblem]()
    for name, value in values.items():
        if name in names:
            credentials[names[name]] = _shaped(fields[names[name]], value)
        elif name in _ACCOUNT_NAMES:
            ids.append(value.strip())
        else:
            problems.append(_unknown(name, fields))
    for own in ("account_id", "property_id"):
        if own in fields and own not in credentials and ids:
            credentials[own] = ids[0]
    problems += [problem for field in fields.values() for problem in _problems(field, credentials, whole=whole)]
    if problems:
        raise Invalid(problems=tuple(problems))
    kept = {name: value for name, value in credentials.items() if value}
    if whole and not any(field.secret and kept.get(field.name) for field in fields.values()):
        raise Invalid.on(
            "credentials", f"needs one of {', '.join(field.name for field in fields.values() if field.secret)}"
        )
    spelled = platform.accounts.spelled if platform.accounts else str
    return Wanted(kept, tuple(dict.fromkeys(filter(None, map(spelled, ids))))[:_ACCOUNTS_AT_MOST])


class Trial:
    """Tries credentials at the platform."""

    def __init__(self, http: Http, now: Callable[[], datetime]) -> None:
        self._http = http
        self._now = now

    async def __call__(
        self, client_id: str, platform: Platform, places: Places, request: Wanted
    ) -> tuple[Credentials, tuple[Account, ...]]:
        """What is to be kept, and the accounts that it reaches. Raises CredentialsRejected with the platform's words,
        Invalid for an account that it does not reach, Unavailable where the platform does not answer."""
        try:
            credentials = await self._with_token(client_id, platform, places, request.credentials)
            reader = Reader(self._http, client_id, platform, places)
            return credentials, await self._accounts(reader, platform, {**places.known_app, **credentials}, request)
        except Problem as problem:
            raise _refusal(platform, problem) from problem

    async def _with_token(
        self, client_id: str, platform: Platform, places: Places, credentials: Credentials
    ) -> Credentials:
        if not is_due(platform, credentials, self._now()):
            return credentials
        call = renewal_call(platform, credentials, places)
        if call is None:
            raise Problem("auth", "a refresh token needs the client id and secret of the app that it was given to")
        reply = await self._http.send(client_id, platform.name, *call, foreign=False)
        return merged(credentials, tokens_of(platform, reply, self._now()))

    async def _accounts(
        self, reader: Reader, platform: Platform, credentials: Credentials, request: Wanted
    ) -> tuple[Account, ...]:
        today = self._now().date()
        own = platform.account(credentials) if platform.account else Account("default")
        at = At(own, today, today, None, None, credentials, {"account_ids": ",".join(request.account_ids)})
        if platform.accounts is None:
            if platform.probe:
                await reader.send(platform.probe(at), at)
            return (own,)
        listed = [_account(platform.accounts, raw) for raw in await reader.accounts(platform.accounts, at)]
        if not request.account_ids:
            return _all_accounts(listed)
        known = {account.id: account for account in listed}
        if platform.accounts.complete:
            _need_listed(request.account_ids, known)
        return tuple([known.get(name) or await self._tried(reader, platform, at, name) for name in request.account_ids])

    @staticmethod
    async def _tried(reader: Reader, platform: Platform, at: At, name: str) -> Account:
        """An account that the list may lack: a day of it is read."""
        account = Account(name, name)
        try:
            await reader.page(platform.streams[0], replace(at, account=account))
        except Problem as problem:
            if problem.kind in ("throttled", "transient"):
                raise
            raise Invalid.on("account_ids", f"{name}: {problem.words}", "unknown") from problem
        return account


def _account(accounts: Accounts, raw: object) -> Account:
    values = {name: picked(spec, raw, {}) for name, spec in accounts.fields.items()}
    texts = {name: str(value) for name, value in values.items() if value is not None}
    if not texts.get("id"):
        raise Problem("bad_request", "the list of accounts has another shape")
    return Account(**{**texts, "id": texts["id"].replace("#", "_")})


def _all_accounts(listed: Sequence[Account]) -> tuple[Account, ...]:
    """Raises Invalid where there are none, or too many to take them all unasked."""
    if not listed:
        raise CredentialsRejected("The credentials work, but reach no account")
    if len(listed) > _ACCOUNTS_AT_MOST:
        raise Invalid.on("account_ids", f"there are {len(listed)} accounts: name up to {_ACCOUNTS_AT_MOST}")
    return tuple(listed)


def _need_listed(account_ids: Sequence[str], known: Mapping[str, Account]) -> None:
    lacking = [name for name in account_ids if name not in known]
    if lacking:
        there = ", ".join(list(known)[:10]) or "none"
        raise Invalid.on("account_ids", f"{', '.join(lacking)}: not among the accounts it reaches ({there})", "unknown")


def _refusal(platform: Platform, problem: Problem) -> Invalid | Unavailable:
    if problem.kind == "throttled":
        return Overloaded(Outage(platform.title, int(problem.retry_after or 30)))
    if problem.kind == "transient":
        return Unavailable(Outage(platform.title, int(problem.retry_after or 10)))
    text = f"{platform.title} refused the credentials: {problem.words}"
    return CredentialsRejected(text, problems=(FieldProblem("credentials", "rejected", problem.words),))


def _shaped(field: Field, value: str) -> str:
    """Raises Invalid."""
    try:
        return field.shape(value) if value.strip() else ""
    except ValueError as error:
        raise Invalid.on(f"credentials.{field.name}", f"is no {field.label}") from error


def _unknown(name: str, fields: Mapping[str, Field]) -> FieldProblem:
    near = get_close_matches(name, fields, n=1)
    hint = f": do you mean {near[0]}?" if near else f": known are {', '.join(fields)}"
    return FieldProblem(f"credentials.{name}"[:100], "unknown_field", f"no credential of this platform{hint}")


def _problems(field: Field, credentials: Mapping[str, str], *, whole: bool) -> Sequence[FieldProblem]:
    value = credentials.get(field.name, "")
    if not value:
        missing = whole and field.required
        return [FieldProblem(f"credentials.{field.name}", "missing", f"{field.label} is required")] if missing else []
    if field.pattern and not re.fullmatch(field.pattern, value, re.IGNORECASE):
        return [FieldProblem(f"credentials.{field.name}", "invalid", f"is no {field.label}")]
    if any(not character.isprintable() or ord(character) > 126 for character in value):
        return [FieldProblem(f"credentials.{field.name}", "invalid", "has characters that no credential has")]
    return []
