"""A command that has so many MiB more than it holds once it is imported: arguments MIB, command."""

import resource
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import newsletter
from newsletter.cli import main

if __name__ == "__main__":
    for module in walk_packages(newsletter.__path__, "newsletter."):
        if not module.name.endswith(("__main__", "child_main", "migrations.env")):
            import_module(module.name)
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = held + int(sys.argv[1]) * (1 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    sys.exit(main(sys.argv[2:]))
