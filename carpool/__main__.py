"""`python -m carpool` is the command `carpool`."""

from carpool.cli import main

if __name__ == "__main__":
    main()
