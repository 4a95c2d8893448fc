"""Backups and the ways back: a proven copy, the nightly run, restoring, going on after a loss, another engine."""
