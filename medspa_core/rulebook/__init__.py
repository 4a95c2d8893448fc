"""The rulebook: everything in `data/` that decides, read strictly and frozen."""

from medspa_core.rulebook.book import BASES, CLINIC, CONSIDERED, OWN_BASES, Rulebook
from medspa_core.rulebook.load import load_rulebook
from medspa_core.rulebook.problems import RulebookProblem
from medspa_core.rulebook.rulebook_files import load_whole, option_names, read_whole
from medspa_core.rulebook.schema.entries import WHOLE
