"""Who has to say yes: one engine for creatives, pages, campaigns and posts. Pure: it keeps nothing."""
