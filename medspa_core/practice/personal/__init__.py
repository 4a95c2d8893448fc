"""What each who reads figures keeps for themselves: alerts switched on, views under a name."""
