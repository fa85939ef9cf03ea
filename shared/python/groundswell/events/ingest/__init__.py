"""From what SDKs post to canonical events in the log."""
