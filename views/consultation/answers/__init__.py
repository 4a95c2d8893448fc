"""Questions and answers: a question as taps or typed, an answer in words, and the strip of all answers."""
