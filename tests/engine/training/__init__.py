"""Tests of what training adds up to."""
