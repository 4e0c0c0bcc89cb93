"""`python -m corridors`, the same as the command `corridors`."""

from corridors.cli import main

if __name__ == "__main__":
    main()
