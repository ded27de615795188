"""`python -m newsletter` is the command."""

import sys

from newsletter.cli import main

sys.exit(main())
