"""A second, slow reading of the model, kept apart from the product so that the two can be compared."""
