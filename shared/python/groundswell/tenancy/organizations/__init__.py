"""The organization a user belongs to: the owner of clients."""
