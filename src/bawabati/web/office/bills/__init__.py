"""Files of bills: bringing one in, following it, and what became of each line."""
