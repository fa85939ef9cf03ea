"""Signing in with Google, Microsoft or LinkedIn: OpenID Connect's code flow with PKCE, state and nonce."""
