"""Toolbar and windows."""
