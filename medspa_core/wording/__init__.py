"""A result in words, for two readers: a recommendation goes in, the client's sentences come out. Staff read the numbers.

Sentences live in `data/result_words.toml`; which one is said follows from the outcome alone, so every client with the same
outcome reads the same words. Screens and paper say it through here.
"""
