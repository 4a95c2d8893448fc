"""The store's versions, one file each; `upkeep.py` runs them."""
