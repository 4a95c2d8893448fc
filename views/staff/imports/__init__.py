"""The page Import: a booking system's file, how it is read, what becomes of it, and all imports."""
