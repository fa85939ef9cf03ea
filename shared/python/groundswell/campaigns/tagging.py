"""What a link says of where its visitors come from: UTM parameters (Google Analytics, "URL builders"), and which
message it was in, so that a visit can be joined with the delivery."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

PARAMETER = "gs_id"
"""Its value is the delivery's id."""
SOURCE = "groundswell"
_SIGNED = frozenset({"x-amz-signature", "x-goog-signature", "signature", "sig", "hmac"})
"""Whose links hold to the letter: a parameter more, and they are refused."""
_LONGEST = 2000


def tagged(url: str, base: str, campaign: str, campaign_id: str, variant: str | None, delivery_id: str) -> str:
    """What the link says of itself is left. Links of our own (below `base`), signed ones and those that would get too
    long are not touched."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    names = {name.lower() for name, _ in query}
    if names & _SIGNED or url.startswith(f"{base}/"):
        return url
    more = {
        "utm_source": SOURCE,
        "utm_medium": "email",
        "utm_campaign": campaign,
        "utm_id": campaign_id,
        **({"utm_content": variant} if variant else {}),
        PARAMETER: delivery_id,
    }
    added = urlencode({name: value for name, value in more.items() if name not in names})
    whole = urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))
    return whole if len(whole) <= _LONGEST else url


def delivery_in(url: str) -> str | None:
    """The delivery whose link somebody followed to this page."""
    if f"{PARAMETER}=" not in url:
        return None
    return next((value for name, value in parse_qsl(urlsplit(url).query) if name == PARAMETER), None)
