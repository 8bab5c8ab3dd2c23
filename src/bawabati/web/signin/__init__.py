"""How people who work here come in: password, second factor, sessions, places."""
