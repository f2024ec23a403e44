"""Trains the small models of the demo pack on procedurally rendered scenes."""
