"""The commercial director's board: pictures, their tables and files, targets, the morning page."""
