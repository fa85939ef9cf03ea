"""Pages of webinars: registration, one's own place, the way in."""
