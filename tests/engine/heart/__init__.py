"""Tests of the engine's heart."""
