"""Where the link of an invitation leads."""
