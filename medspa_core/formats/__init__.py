"""How people and spreadsheets write things: dates, numbers, ages and CSV."""
