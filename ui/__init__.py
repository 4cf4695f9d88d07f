"""The dashboard's session, maps, charts and tables."""
