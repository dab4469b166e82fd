"""`python -m modc` is the command `modc`."""

from modc.cli.main import main

if __name__ == "__main__":
    main()
