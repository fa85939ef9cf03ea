"""The event log: packed blocks of events, and the numbered commits that say which of them count."""
