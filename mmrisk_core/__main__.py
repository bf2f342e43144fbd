"""``python -m mmrisk_core``: the command line, and the worker that serves QGIS."""

from __future__ import annotations

import sys


def main() -> int:
    """Serve jobs where the verb is ``worker``, else do what the command line says."""
    # Before anything is imported that registers drivers.
    from mmrisk_core.geo.drivers import confine_gdal

    confine_gdal()
    if sys.argv[1:] == ["worker"]:
        from mmrisk_core import worker

        worker.main()
    from mmrisk_core import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
