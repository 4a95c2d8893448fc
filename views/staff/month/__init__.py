"""The month as a report: one page to print or to hand on."""
