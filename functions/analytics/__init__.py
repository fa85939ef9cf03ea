"""The readers of the event log over HTTP."""
