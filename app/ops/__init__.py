"""What runs the house: settings, the database, the clock, secrets, templating, messages, logging."""
