"""Charts: a core object goes in, a drawing and the rows of its table come out. They draw; they decide nothing."""
