"""``python -m mmrisk_core``."""

import sys

from mmrisk_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
