"""Screen 2, Safety."""

from views import shell

consultation = shell.screen("safety")
