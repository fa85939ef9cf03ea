"""Calls to others: to hosts that tenants name (`adapter.SafeClient`) and to vendors (`adapter_vendor.VendorClient`)."""
