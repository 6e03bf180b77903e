"""python -m launch run | reset | exec -- CMD… | services | packages"""

import argparse
import sys

from launch import packages, run, services
from launch.paths import LaunchError
from launch.supervisor import Stopped


def main() -> int:
    """Read the command line and do it; errors that a person can act on are printed without a traceback."""
    parser = argparse.ArgumentParser(prog="launch", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("run", help="the whole site, until Ctrl-C")
    commands.add_parser("reset", help="delete what `run` made")
    commands.add_parser("services", help="PostgreSQL and S3 for tests, in the foreground")
    execute = commands.add_parser("exec", help="run a command beside PostgreSQL and S3 for tests")
    execute.add_argument("--durable", action="store_true", help="with PostgreSQL's usual safety, for benchmarks")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    commands.add_parser("packages", help="install what the tests need from the system, if we may")
    chosen = parser.parse_args()
    try:
        if chosen.what == "exec":
            words = chosen.command[1:] if chosen.command[:1] == ["--"] else chosen.command
            return services.run_command(words, durable=chosen.durable)
        {"run": run.run, "reset": run.reset, "services": services.serve, "packages": packages.ensure}[chosen.what]()
    except LaunchError as error:
        print(f"courseyard: {error}", file=sys.stderr)
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
