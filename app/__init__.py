"""Coverall, the training platform for work-injury prevention.

The house, and who may see whom (import-linter holds it, see pyproject.toml):

    main : cli
    web | api | tables                    skins; blind to each other
    workflows                             one function per command that touches several domains
    reports                               rows -> xlsx, pdf, csv
    coverage > awards > assessment > learning > plans > catalogue
    access > organisations > identity > ops > kit

A domain folder holds models.py (tables), queries.py (reads that return frozen rows), service.py (commands) and the
pure modules it needs. Facts are append-only or versioned in recorded time; coverage turns them into standing spans
and ledger entries (see app/coverage/__init__.py). One transaction per request or job, committed in ops/db.py only;
short writes may share one (ops/sharing.py).
"""
