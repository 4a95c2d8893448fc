"""A form tool's own table read as clients' answers: a mapping says which title is which question and which word which answer."""

from medspa_core.mapping.form_table import MappedForm
from medspa_core.mapping.mapping_file import read_mapping
from medspa_core.mapping.rules import FormMapping

__all__ = ["FormMapping", "MappedForm", "read_mapping"]
