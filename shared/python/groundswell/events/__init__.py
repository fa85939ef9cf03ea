"""What happened, exactly once: from an SDK's request to a log of counted events, and what follows it."""
