"""`python -m api COMMAND`; without a command it lists them."""

from api.commands.main import main

if __name__ == "__main__":
    main()
