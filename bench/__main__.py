"""All benchmarks, one after the other: ``python -m bench``."""

from bench import (
    document_times,
    front_pages,
    geocoding_speed,
    import_times,
    map_times,
    monthly_publish,
    search_times,
    sessions,
    soak,
)

for part in (
    geocoding_speed,
    import_times,
    monthly_publish,
    map_times,
    front_pages,
    document_times,
    search_times,
    sessions,
    soak,
):
    part.run()
