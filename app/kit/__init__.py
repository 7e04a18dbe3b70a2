"""Pure helpers that know nothing of the application: errors, dates, paging, check digits."""
