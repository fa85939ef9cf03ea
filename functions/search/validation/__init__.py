"""Whether addresses can be reached."""
