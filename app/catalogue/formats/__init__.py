"""Items in other programs' formats: GIFT, Aiken and Moodle XML are read, GIFT is written. Pure."""
