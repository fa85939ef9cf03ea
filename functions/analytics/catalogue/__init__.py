"""The catalogue of events and properties over HTTP."""
