"""Sign-ins: how one begins, how long it lasts, the tablet in a client's hands, and files made for it."""
