"""What a good row is: the suites that judge staged articles, figures, numbers, days and the batch as a whole.

The auditors never import what they audit: a figure's text is read again here, by other code.
"""

from expectations.auditing import audit
from expectations.facts import BatchFacts
from expectations.gx_rule import reasons
from expectations.judging import audit_staged
from expectations.settings import AuditSettings, AuditThresholds, Consequence, read_audit_settings
from expectations.suites import load

__all__ = [
    "AuditSettings",
    "AuditThresholds",
    "BatchFacts",
    "Consequence",
    "audit",
    "audit_staged",
    "load",
    "read_audit_settings",
    "reasons",
]
