"""What a table says: its columns, its rows as typed and placed records, and what is wrong."""
