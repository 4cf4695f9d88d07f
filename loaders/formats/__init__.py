"""What a file is: opened as sheets of cells, or refused with what to do."""
