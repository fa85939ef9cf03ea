"""Signing in with Google: OpenID Connect's code flow with PKCE, state and nonce."""
