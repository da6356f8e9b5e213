"""Tests of what the blueprints do."""
