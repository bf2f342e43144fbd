"""How good probabilities are, and where they hold."""
