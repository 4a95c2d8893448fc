"""Where we reach into Streamlit's own parts: one patch a module, what goes wrong without it, put on once by app.py."""
