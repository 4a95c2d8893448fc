"""The page Sessions: what was done under an order, and the form to record the next."""
