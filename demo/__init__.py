"""The demo: an invented city, reported by its banks, read and published like any other data."""
