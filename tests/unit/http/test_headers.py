from groundswell.http.headers import error_headers, quota_headers
from groundswell.kernel.errors import NotFound, Outage, Quota, RateLimited, Unauthenticated, Unavailable

QUOTA = Quota("auth.login", 20, 60, 3, 41)


def test_a_quota_is_told_as_policy_and_as_what_is_left() -> None:
    assert quota_headers(QUOTA) == (
        ("ratelimit-policy", '"auth.login";q=20;w=60'),
        ("ratelimit", '"auth.login";r=3;t=41'),
    )


def test_a_limited_caller_hears_when_to_come_back() -> None:
    assert dict(error_headers(RateLimited(QUOTA), 429))["retry-after"] == "41"


def test_retry_after_is_never_zero() -> None:
    assert dict(error_headers(RateLimited(Quota("a", 1, 1, 0, 0)), 429))["retry-after"] == "1"


def test_an_outage_says_when_to_come_back() -> None:
    assert error_headers(Unavailable(Outage("storage", 7)), 503) == (("retry-after", "7"),)


def test_a_401_says_how_to_authenticate_and_a_404_says_nothing() -> None:
    assert error_headers(Unauthenticated(), 401) == (("www-authenticate", 'Bearer realm="groundswell"'),)
    assert error_headers(NotFound(), 404) == ()
