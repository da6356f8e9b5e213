"""Pure functions from bytes and arrays to numbers: no clock, no chance, no files, no Home Assistant."""
