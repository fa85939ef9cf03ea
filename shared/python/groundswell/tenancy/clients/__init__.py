"""Client companies: the tenants, and the keys their SDKs and servers use."""
