"""The server around the dashboard: who gets through to it, and its work behind the pages."""
