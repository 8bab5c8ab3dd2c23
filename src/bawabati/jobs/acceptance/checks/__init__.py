"""One function for each line of the list: it looks at a scene and says what it saw. It never repairs, never assumes."""
