"""Hold the engine against recordings: one adapter a format."""
