"""The caller's second factor."""
