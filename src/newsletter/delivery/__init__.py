"""Getting messages to a mail server, each once; the ledger decides, this package obeys.

outcome and retry are pure; reply, wire, smtp and pipeline talk to one server; ledger_writer, board,
servers and engine put many connections to work on one mailing; send_one is for proof mail.
"""
