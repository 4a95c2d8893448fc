"""The store's versions, one file each; `store.py` runs them."""
