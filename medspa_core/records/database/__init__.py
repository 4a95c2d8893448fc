"""The database itself: an encrypted file or a server, its connections, and what is looked at before it is opened."""
