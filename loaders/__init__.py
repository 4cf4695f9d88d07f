"""The only package that opens input files; it publishes snapshots.

A file becomes sheets of cells (`formats`), then placed records (`reading`), which are set beside
what is published (`comparing`). `intake` joins these steps. Publishing lays the records over the
tables in force (`merging`) with what people decided (`ledger`, `settling`) and makes the result the
snapshot in force (`store`). `senders` remembers how each sender writes, and writes back.
"""
