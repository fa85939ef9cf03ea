"""The round of the archive."""
