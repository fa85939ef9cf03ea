"""The hourly round over usage and quotas."""
