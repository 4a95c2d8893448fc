"""Passwords, PINs, codes and tokens: what is refused, how they are hashed, and how often somebody may be wrong."""
