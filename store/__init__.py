"""What is kept: snapshots, the ledger of decisions, and the engine that reads them."""
