"""What the medical director signs: the rulebook as it stands, products by their lots, standing orders."""
