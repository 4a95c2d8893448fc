"""The page Compare: what is picked on it, its cards, why the two differ, and a consultation that begins with it."""
