"""The engine's own Python environment: planned, made, verified, found again and removed."""
