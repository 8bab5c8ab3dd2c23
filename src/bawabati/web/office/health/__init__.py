"""How the installation is, for those who run it."""
