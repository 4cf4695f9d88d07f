"""People's decisions on records, and the tables with them applied."""
