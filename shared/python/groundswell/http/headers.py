"""Headers every answer carries, FastAPI or not. Standard library only."""

from groundswell.kernel.errors import DomainError, Quota, RateLimited, Unavailable

SECURITY: tuple[tuple[str, str], ...] = (
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),  # RFC 6797
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
)
NO_STORE = ("cache-control", "private, no-store")
API_CSP = ("content-security-policy", "default-src 'none'; frame-ancestors 'none'")


def quota_headers(quota: Quota) -> tuple[tuple[str, str], ...]:
    """draft-ietf-httpapi-ratelimit-headers-11: the policy, and what is left of it."""
    return (
        ("ratelimit-policy", f'"{quota.name}";q={quota.limit};w={quota.window}'),
        ("ratelimit", f'"{quota.name}";r={quota.remaining};t={quota.reset}'),
    )


def error_headers(error: DomainError, status: int) -> tuple[tuple[str, str], ...]:
    """What a refusal says in headers: how to authenticate, when to come back."""
    if status == 401:
        return (("www-authenticate", 'Bearer realm="groundswell"'),)
    if isinstance(error, RateLimited):
        return (*quota_headers(error.quota), ("retry-after", str(max(1, error.quota.reset))))
    if isinstance(error, Unavailable):
        return (("retry-after", str(error.outage.retry_after)),)
    return ()
