"""Runs of schedules: each due time has one effect."""
