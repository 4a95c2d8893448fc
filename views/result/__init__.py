"""One consultation's result for its screens: the outcome, after the clinician's review."""
