"""Tests of the conversation with a band."""
