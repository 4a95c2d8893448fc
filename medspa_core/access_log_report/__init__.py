"""Who saw what: a question about a record, person, tablet or sign-in goes in, the lines of the audit log come out, with names."""

from medspa_core.access_log_report.names import Record, sees_names
from medspa_core.access_log_report.report import (
    About,
    Asked,
    Line,
    Report,
    SignInLine,
    audit_report,
    audit_report_csv,
    find_records,
    list_sign_ins,
    unknown_people,
)

__all__ = [
    "About",
    "Asked",
    "Line",
    "Record",
    "Report",
    "SignInLine",
    "audit_report",
    "audit_report_csv",
    "find_records",
    "list_sign_ins",
    "sees_names",
    "unknown_people",
]
