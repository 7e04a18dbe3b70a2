"""Who signs in: accounts, activation codes, sessions, throttling, the audit trail."""
