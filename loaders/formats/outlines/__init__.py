"""Files of outlines as people upload them: GeoJSON, GeoPackage, KML, zipped Shapefile."""
