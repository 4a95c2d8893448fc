"""Money: what a chair hour earns, and the other sums, by treatment, provider and location."""
