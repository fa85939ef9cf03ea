"""Where the links of messages lead: openings, clicks, ways out, preferences, confirmations."""
