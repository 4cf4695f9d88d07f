"""The only package that opens input files; it publishes snapshots."""
