"""Steps and agreement: how far consultations went, and who chose what was recommended."""
