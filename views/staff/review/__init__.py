"""The page Reviews: the worklist, and one consultation's answers, findings, exam and orders."""
