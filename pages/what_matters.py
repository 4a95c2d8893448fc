"""Screen 3, What matters."""

from views import shell

consultation = shell.screen("what_matters")
