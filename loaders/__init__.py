"""The only package that opens input files; it publishes snapshots.

A file becomes sheets of cells (`formats`), then placed records (`reading`) of one of the `kinds`,
which are set beside what is published (`comparing`). `intake` joins these steps. Publishing lays
the records over the tables in force (`merging`), applies what people decided (`decisions`) and puts
the result in force. `senders` remembers how each sender writes, and writes back.
"""
