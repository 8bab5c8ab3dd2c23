"""Bills as lines of JSON, as the API takes them."""
