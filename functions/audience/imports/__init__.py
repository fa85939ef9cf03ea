"""Imports of leads over HTTP."""
