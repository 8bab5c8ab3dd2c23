"""Where the head of an agency works: what happens at its desks now, and what needs a second person."""
