"""Consultations as they are kept: drafts and their steps, notes, the nameless facts, and the rulebooks behind them."""
