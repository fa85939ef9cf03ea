"""What a client's events are called and what they carry, and which of them it does not want."""
