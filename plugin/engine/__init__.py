"""The engine process as the plugin sees it: its own Python environment. Nothing in here imports qgis or torch."""
