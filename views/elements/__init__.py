"""What a page is made of: HTML and SVG built safely, the look, and fields that staff type into."""
