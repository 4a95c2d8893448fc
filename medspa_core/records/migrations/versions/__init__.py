"""The store's versions, one file each; `migration.py` runs them."""
