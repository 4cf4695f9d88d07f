"""Where things are: coordinates, boundaries, gazetteer, geocoding and grid."""
