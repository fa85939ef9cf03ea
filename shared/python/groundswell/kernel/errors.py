"""The kinds of refusal that the domain knows. `groundswell.http.errors` maps each kind to a status, once."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with one field of the input; `field` is a dotted path such as `profile.email`."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """A refusal the caller can understand. Subclasses set `code`; the message is for people."""

    code: str = "ERROR"
    message: str = "The request could not be carried out"

    def __init__(self, message: str | None = None, *, details: dict[str, Any] | None = None) -> None:
        self.text = message or self.message
        self.details = details or {}
        super().__init__(self.text)


class Invalid(DomainError):
    """Bad input. Names the fields that are wrong."""

    code = "VALIDATION_ERROR"
    message = "Validation failed"

    def __init__(self, message: str | None = None, *, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems

    @classmethod
    def on(cls, name: str, message: str, code: str = "invalid") -> "Invalid":
        return cls(problems=(FieldProblem(name, code, message),))


class Unauthenticated(DomainError):
    code = "UNAUTHENTICATED"
    message = "Sign in, or send a valid key"


class Forbidden(DomainError):
    """The caller can see the thing but may not do this to it."""

    code = "FORBIDDEN"
    message = "You may not do this"


class NotFound(DomainError):
    """Missing, or another tenant's: the answer is the same."""

    code = "NOT_FOUND"
    message = "Not found"


class Conflict(DomainError):
    code = "CONFLICT"
    message = "The current state does not allow this"


class Gone(DomainError):
    code = "GONE"
    message = "This link has expired"


class PreconditionFailed(DomainError):
    code = "PRECONDITION_FAILED"
    message = "Someone else changed this first: read it again"


def require_version(expected: int | None, present: int) -> None:
    """Raises PreconditionFailed, with both, when the caller read another version than the one there is; None is any."""
    if expected is not None and expected != present:
        text = f"Version {expected} is not the newest: read version {present}, and change that"
        raise PreconditionFailed(text, details={"expected_version": expected, "version": present})


class PreconditionRequired(DomainError):
    code = "PRECONDITION_REQUIRED"
    message = "Send If-Match with the version you read"


class TooLarge(DomainError):
    code = "PAYLOAD_TOO_LARGE"
    message = "The body is too large"


class UnsupportedMediaType(DomainError):
    code = "UNSUPPORTED_MEDIA_TYPE"
    message = "Unsupported content type"


class Unprocessable(DomainError):
    code = "UNPROCESSABLE"
    message = "The request contradicts an earlier one"


@dataclass(frozen=True)
class Quota:
    """A limit as the answer's headers tell it: `limit` calls in `window` s, `remaining` left, `reset` s to go."""

    name: str
    limit: int
    window: int
    remaining: int
    reset: int


class RateLimited(DomainError):
    code = "RATE_LIMITED"
    message = "Too many requests"

    def __init__(self, quota: Quota) -> None:
        super().__init__(f"Too many requests: try again in {quota.reset} s")
        self.quota = quota


@dataclass(frozen=True)
class Outage:
    """What is down and when to try again (seconds)."""

    service: str
    retry_after: int = field(default=5)


class Unavailable(DomainError):
    """A dependency does not answer; one feature degrades, visibly."""

    code = "SERVICE_UNAVAILABLE"
    message = "Temporarily unavailable: try again"

    def __init__(self, outage: Outage) -> None:
        super().__init__(f"{outage.service} does not answer: try again in {outage.retry_after} s")
        self.outage = outage


class Overloaded(Unavailable):
    """A dependency has too much to do: whoever sends must send less for a while."""

    code = "OVERLOADED"
    message = "Too much at once: try again"
