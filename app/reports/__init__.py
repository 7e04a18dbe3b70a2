"""Reports: rows made into .xlsx, .csv and .pdf."""
