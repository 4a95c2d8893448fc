"""Exosomes and PRP side by side, in Plotly. Both options have the same marks, sizes and lines."""
