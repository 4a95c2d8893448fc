"""What managers read: the figures of the practice, from nameless facts."""
