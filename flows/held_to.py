"""What the audit holds rows to, as it is set."""

from expectations import AuditSettings, read_audit_settings
from flows.settings import Settings


def audit_settings(settings: Settings) -> AuditSettings:
    """Give the audit's settings: its defaults, the file of TONGBI_AUDIT over them, and the two limits over both.

    Raises SettingsError.
    """
    limits = {"unread_share": settings.unread_limit, "unreadable_share": settings.unreadable_limit}
    return read_audit_settings(settings.audit, **limits)
