"""Trains the text embedder and the text classifier of the demo pack on phrases of our own."""
