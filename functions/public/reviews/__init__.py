"""A creative for somebody without an account, who has a link."""
