"""The readers of the event log: raw events, and series of counts and of custom metrics."""
