"""What all companies together brought: sums, never persons."""
