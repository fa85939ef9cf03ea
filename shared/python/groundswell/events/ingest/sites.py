"""Which site an address belongs to. `www.` is the same site; any other host is another one."""

from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=2048)
def site_of(address: str) -> str | None:
    """Of a URL or a bare host name. None where there is none."""
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname if address else None
    except ValueError:
        return None
    return host.rstrip(".").removeprefix("www.") or None if host else None
