"""What the company sets for itself: identity, limits, numbers, agencies, merchant account."""
