"""The page Approval: the rulebook in words with what has changed in it, products and standing orders."""
