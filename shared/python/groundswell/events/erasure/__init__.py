"""Taking a person's or a time's events out of what the log and its followers keep."""
