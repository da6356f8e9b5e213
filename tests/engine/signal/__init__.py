"""Tests of the engine's signal."""
