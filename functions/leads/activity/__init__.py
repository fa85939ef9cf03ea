"""Interactions with leads and their timelines over HTTP."""
