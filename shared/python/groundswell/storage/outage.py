"""Tells AWS being away or overloaded from our own mistakes: the one is worth trying again, the other is not."""

from collections.abc import Iterator

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's name for it

_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_CODES = _THROTTLED | {
    "DependencyTimeoutException",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServiceError",
    "InternalServiceErrorException",
    "KMSInternalException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "TransactionConflictException",
    "TransactionInProgressException",
}


def is_throttled(error: BaseException) -> bool:
    """Whether AWS said that it was asked too much at once."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _THROTTLED


def is_outage(error: BaseException) -> bool:
    """Whether the error, or what caused it, is a service that did not answer or had too much to do."""
    return any(_is_outage(cause) for cause in _chain(error))


def _is_outage(error: BaseException) -> bool:
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] in _CODES
    return isinstance(error, (ConnectionError, HTTPClientError))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
