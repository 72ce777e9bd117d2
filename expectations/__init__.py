"""What a good row is: the suites that judge staged articles, figures, numbers and the batch as a whole.

The auditors never import what they audit: a figure's text is read again here, by other code.
"""

from expectations.auditing import audit
from expectations.batch_rules import AuditThresholds, BatchFacts
from expectations.suites import load

__all__ = ["AuditThresholds", "BatchFacts", "audit", "load"]
