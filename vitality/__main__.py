"""``python -m vitality``: the command line without an installed script."""

from vitality.cli import main

if __name__ == "__main__":
    main()
