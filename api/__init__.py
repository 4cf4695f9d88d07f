"""The interface for programs: the answers of the pages as JSON, CSV and GeoJSON."""
