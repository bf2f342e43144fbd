"""Devices, and processes that compute together."""
