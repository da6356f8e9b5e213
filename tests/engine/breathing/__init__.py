"""Tests of what the night says of breath."""
