"""`python -m app` is `coverall`."""

from app.cli import main

main()
