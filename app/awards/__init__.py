"""Awards with their evidence, their certificates, their revocation."""
