"""Alerts: numbers that are watched, and what is done when they cross a line."""
