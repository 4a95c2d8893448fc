"""What a tap draws again: a screen in parts, and widgets that show what is stored."""
