"""All benchmarks, one after the other: ``python -m bench``."""

from bench import geocoding, importing, pages

for part in (geocoding, importing, pages):
    part.run()
