"""The screens of a consultation, in a client's hands; a folder for each that is more than a module."""
