"""The nameless facts beside those of consultations: visits and sales go in, columns for the manager's figures come out."""
