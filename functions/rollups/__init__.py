"""Counts events from the stream of their blocks."""
