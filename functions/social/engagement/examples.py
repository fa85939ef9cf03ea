"""Bodies that the API's description shows."""

_COUNTS = {"impressions": 1204, "likes": 31, "comments": 4, "shares": 6, "clicks": 58}
_POST_ID = "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c20"
ENGAGEMENT = {
    "totals": {**_COUNTS, "leads": 3},
    "posts": [
        {
            **_COUNTS,
            "post_id": _POST_ID,
            "leads": 3,
            "account_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
            "published_at": "2026-11-30T12:00:00.000Z",
            "as_of": "2026-11-30T18:00:00.000Z",
        }
    ],
}
POST = {
    **_COUNTS,
    "post_id": _POST_ID,
    "leads": 3,
    "as_of": "2026-11-30T18:00:00.000Z",
    "snapshots": [{**_COUNTS, "as_of": "2026-11-30T18:00:00.000Z"}],
}
