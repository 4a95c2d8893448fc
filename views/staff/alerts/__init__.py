"""What a manager asked to be told of."""
