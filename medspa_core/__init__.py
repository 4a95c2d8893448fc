"""MedSpa Consult's core: from a client's answers to a recommendation and its timeline. No screen, no clock, no environment."""

__version__ = "0.1.0"
