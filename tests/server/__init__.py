"""Who gets through to the server, and what it does by itself."""
