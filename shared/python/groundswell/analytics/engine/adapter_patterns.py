"""Regular expressions as RE2 reads them, which take time in proportion to the text, whatever they say."""

from groundswell.analytics.engine.where import LONGEST_PATTERN
from groundswell.kernel.errors import Invalid


def check_pattern(pattern: str) -> None:
    """Raises Invalid on `value`."""
    import duckdb  # for questions with a pattern alone

    if len(pattern) > LONGEST_PATTERN:
        raise Invalid.on("value", f"a pattern of at most {LONGEST_PATTERN} characters")
    try:
        duckdb.connect(":memory:").execute("SELECT regexp_matches('', ?)", [pattern])
    except duckdb.Error as error:
        raise Invalid.on("value", f"no regular expression of RE2: {str(error)[:200]}") from error
