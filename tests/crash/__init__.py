"""Hosts that die: statement by statement, and what must be left of the nights they were storing."""
