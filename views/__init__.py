"""What pages draw with: forms, figures, wording on screen, theme. Streamlit lives here and in pages/ only."""
