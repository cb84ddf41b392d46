"""`python -m soapstone` is the command."""

from soapstone.command import main

if __name__ == "__main__":  # not in the worker processes of `--jobs`
    main()
