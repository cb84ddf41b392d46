"""The same work by each library, and by hand: a module for each, which is run by itself."""
