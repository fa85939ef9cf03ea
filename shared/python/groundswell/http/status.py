"""Which status each kind of refusal answers with. The only place that decides."""

from groundswell.kernel import errors

_STATUS: dict[type[errors.DomainError], int] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.UnsupportedMediaType: 415,
    errors.Unprocessable: 422,
    errors.PreconditionRequired: 428,
    errors.RateLimited: 429,
    errors.Overloaded: 429,
    errors.Unavailable: 503,
}


def status_of(error: errors.DomainError) -> int:
    """The status of the nearest kind the error belongs to. Raises KeyError for a kind nobody mapped: a bug."""
    for kind in type(error).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    raise KeyError(type(error).__name__)
