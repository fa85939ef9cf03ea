"""Until when a network serves the version of its API that we speak."""

from datetime import UTC, datetime


def linkedin_ends(version: str) -> datetime:
    """Of `YYYYMM`: each is served for a year after its month began
    (https://learn.microsoft.com/linkedin/marketing/versioning). Raises ValueError for what is no month."""
    month = datetime.strptime(version, "%Y%m").replace(tzinfo=UTC)
    return month.replace(year=month.year + 1)
