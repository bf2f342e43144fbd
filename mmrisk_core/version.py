"""The version of the engine, the same as the plugin's (a test compares them)."""

__version__ = "0.5.0"

PROTOCOL_VERSION = 1
"""Of the messages between plugin and engine; both must speak the same."""
