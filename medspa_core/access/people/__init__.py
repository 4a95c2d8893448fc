"""Who works here and where: people, their locations and licences, and the tablets of the practice."""
