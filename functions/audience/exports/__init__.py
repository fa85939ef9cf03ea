"""Exports of leads over HTTP."""
