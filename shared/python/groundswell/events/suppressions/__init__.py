"""People whose events a client does not want: turned away at the door."""
