"""Who may see and do what: roles, permissions, scope, API tokens."""
