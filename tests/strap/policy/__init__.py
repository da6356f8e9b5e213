"""Tests of the rules, without any link."""
