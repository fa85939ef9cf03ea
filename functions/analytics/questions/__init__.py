"""Questions about what people did: breakdowns, funnels, retention, paths, sessions, the live tail."""
