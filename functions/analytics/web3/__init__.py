"""Questions about chains: transactions, volume, conversion."""
