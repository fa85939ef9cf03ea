"""Whether an address can be reached, and why it is thought so."""
