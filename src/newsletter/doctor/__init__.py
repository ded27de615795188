"""What is wrong with a set-up, and how to mend it: settings, machine, mail servers and DNS.

Everything here judges what was seen; resolver.py alone asks, and it asks the DNS. Sessions with
mail servers are delivery's, the database is store's.
"""
