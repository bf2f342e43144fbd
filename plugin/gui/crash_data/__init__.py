"""Crash data opened from a table."""
