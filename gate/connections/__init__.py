"""The connections below the requests: how many, how long, and how soon an answer leaves."""
