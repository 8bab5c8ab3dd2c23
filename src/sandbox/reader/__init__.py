"""A card reader on screen: a core without I/O, two till protocols in front of it, a keypad and a display."""
