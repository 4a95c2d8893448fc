"""The pages of the staff, a folder each; here what several of them share."""
