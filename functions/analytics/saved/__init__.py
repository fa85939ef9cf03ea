"""Saved questions over HTTP."""
