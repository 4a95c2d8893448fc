"""What a run of a page works with: the core, the clock and the settings, the words, and what is looked up once a run."""
