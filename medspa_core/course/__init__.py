"""The course of each option as exact distributions, and the tables in which a client's chances and limits are looked up."""
