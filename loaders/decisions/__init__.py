"""What people settle about doubtful records, and what becomes of it."""
