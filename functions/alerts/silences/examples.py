"""Examples of silences."""

from functions.alerts.examples import ADA, AT

SILENCE_CREATE = {"matchers": {"severity": "warning"}, "ends_at": "2099-12-01T08:00:00Z", "comment": "Migration"}
SILENCE = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c32",
    "matchers": {"severity": "warning"},
    "starts_at": AT,
    "ends_at": "2099-12-01T08:00:00.000Z",
    "comment": "Migration",
    "created_by": ADA,
    "created_at": AT,
    "updated_at": AT,
    "version": 1,
}
