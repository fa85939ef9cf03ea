"""Schedules of reports over HTTP."""
