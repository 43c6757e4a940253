"""`python -m app COMMAND`: the same commands as `flask`, and one more: `run`."""

import sys

from app.cli.entry import main

sys.exit(main(sys.argv[1:]))
