"""Charts of the pages of figures, in Plotly: each takes what the core has reckoned and returns a figure."""
