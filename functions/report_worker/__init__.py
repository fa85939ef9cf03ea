"""Sends reports when they are due."""
