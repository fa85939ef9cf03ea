"""Who is who: the ids and wallets that belong to one person, and where a person's events lie."""
