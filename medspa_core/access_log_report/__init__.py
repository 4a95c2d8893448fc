"""Who saw what: a question about a record, person, tablet or sign-in goes in, the lines of the audit log come out, with names."""

from medspa_core.access_log_report.names import Record as Record
from medspa_core.access_log_report.names import sees_names as sees_names
from medspa_core.access_log_report.report import About as About
from medspa_core.access_log_report.report import Asked as Asked
from medspa_core.access_log_report.report import Line as Line
from medspa_core.access_log_report.report import Report as Report
from medspa_core.access_log_report.report import audit_report as audit_report
from medspa_core.access_log_report.report import audit_report_csv as audit_report_csv
from medspa_core.access_log_report.report import find_records as find_records
from medspa_core.access_log_report.report import list_sign_ins as list_sign_ins
from medspa_core.access_log_report.report import unknown_people as unknown_people
