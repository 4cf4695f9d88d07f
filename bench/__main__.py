"""All benchmarks, one after the other: ``python -m bench``."""

from bench import document_times, geocoding_speed, import_times, map_times, sessions

for part in (geocoding_speed, import_times, map_times, document_times, sessions):
    part.run()
