"""Everything that is known of a person or a wallet, as a file that the person may have (GDPR, articles 15 and 20)."""
