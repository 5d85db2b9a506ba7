"""Where the ``kalkan`` command begins: with Ctrl-C, before anything that takes time."""

from __future__ import annotations

from kalkan.apps import interrupts


def main() -> None:
    """Entry point of the ``kalkan`` command."""
    interrupts.install()
    from kalkan.apps.cli import main as command

    command()


if __name__ == "__main__":
    main()
