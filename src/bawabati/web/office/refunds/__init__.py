"""Money that goes back: asked for, decided by another person, finished by hand."""
