"""What differs between the networks: how text counts, and how each is called."""
