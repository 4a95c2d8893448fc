"""The pages Clients and Client: search, form, duplicates, consultations then and now, and those of nobody."""
