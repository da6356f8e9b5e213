"""Tests against a real Home Assistant, over real HTTP, with a real browser."""
