"""The pages that run the practice: the mix, people, what we offer, who saw what, backups, what is kept."""
