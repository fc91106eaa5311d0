#!/usr/bin/env python3
"""Entry point for every command of iNEAT; `manage.py help` lists them, `manage.py serve` runs the whole product."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        # Not a command of Django's: it decides on the data folder and the mode that Django's settings depend on.
        from ineat.supervisor import main as serve

        sys.exit(serve(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ineat.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
