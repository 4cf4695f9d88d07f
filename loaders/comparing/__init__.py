"""An upload beside what is published: what is new, changed, gone, twice or odd."""
