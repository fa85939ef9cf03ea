"""What a link says of where its visitors come from: UTM parameters (Google Analytics, "URL builders"), and which
message it was in, so that a visit can be joined with the delivery."""

from functools import lru_cache
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit, urlunsplit

PARAMETER = "gs_id"
"""Its value is the delivery's id."""
SOURCE = "groundswell"
_SIGNED = frozenset({"x-amz-signature", "x-goog-signature", "signature", "sig", "hmac"})
"""Whose links hold to the letter: a parameter more, and they are refused."""
_LONGEST = 2000


def tagged(
    url: str, base: str, campaign: str, campaign_id: str, variant: str | None, delivery_id: str, medium: str = "email"
) -> str:
    """What the link says of itself is left. Links of our own (below `base`), signed ones and those that would get too
    long are not touched."""
    parts = _around(url, base, campaign, campaign_id, variant, medium)
    if parts is None:
        return url
    before, after = parts
    whole = f"{before}{quote_plus(delivery_id)}{after}" if before else after
    return whole if len(whole) <= _LONGEST else url


@lru_cache(maxsize=1024)
def _around(
    url: str, base: str, campaign: str, campaign_id: str, variant: str | None, medium: str
) -> tuple[str, str] | None:
    """What stands before and behind the delivery's id, which alone differs between recipients; nothing before where
    the link has a parameter of that name. None for a link that is not touched."""
    parts = urlsplit(url)
    names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if names & _SIGNED or url.startswith(f"{base}/"):
        return None
    more = {
        "utm_source": SOURCE,
        "utm_medium": medium,
        "utm_campaign": campaign,
        "utm_id": campaign_id,
        **({"utm_content": variant} if variant else {}),
        PARAMETER: "",
    }
    added = urlencode({name: value for name, value in more.items() if name not in names})
    query = "&".join(part for part in (parts.query, added) if part)
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    before = urlunsplit(parts._replace(query=query, fragment=""))
    return ("", before + fragment) if PARAMETER in names else (before, fragment)


def delivery_in(url: str) -> str | None:
    """The delivery whose link somebody followed to this page."""
    if f"{PARAMETER}=" not in url:
        return None
    return next((value for name, value in parse_qsl(urlsplit(url).query) if name == PARAMETER), None)
