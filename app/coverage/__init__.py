"""Coverage: what is counted, why somebody is missing, and the ledger behind every figure."""
