"""The start page: what is to be done, new and open consultations, the tour."""
