"""The windows and signs of the engine's state: set-up, options, the dot on the toolbar."""
