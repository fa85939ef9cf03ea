"""Comments, and links for people without an account."""
