"""Reading of tables: their columns, their rows as typed and placed records, and the faults."""
