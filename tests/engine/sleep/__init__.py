"""Tests of the engine's sleep."""
