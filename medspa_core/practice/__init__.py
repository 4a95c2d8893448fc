"""Many clients: what was recommended and chosen in a practice."""
