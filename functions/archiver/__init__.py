"""The hourly round of the archive."""
