"""All benchmarks, one after the other: ``python -m bench``."""

from bench import documents, geocoding, importing, pages

for part in (geocoding, importing, pages, documents):
    part.run()
