"""A first mapping from a form's own table: which question a title asks, what its answers mean, and what is left open."""
