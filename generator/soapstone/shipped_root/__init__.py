"""What stands in the folder of every package itself, and is the same in each."""
