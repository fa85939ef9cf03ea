"""Who the tenants are: accounts, organizations, clients, members, what they use, and their end."""
