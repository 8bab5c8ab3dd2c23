"""The strings of the puppet theatre: what tests and demonstrations may read and change."""
