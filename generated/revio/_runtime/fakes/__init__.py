"""A fake of the service, for the tests of those who call it.

It reads requests with the same readers that read answers, gives the documented documents as
answers, and keeps what it was told in a memory. What may go wrong on the way is told by a
script. Nothing here knows the service: operations bring along what is documented of them.
"""
