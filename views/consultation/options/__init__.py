"""The screen Your options: the headline, the cards, and below them why and what would change it."""
