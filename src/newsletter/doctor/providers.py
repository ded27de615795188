"""Companies whose servers or addresses many newsletters use, by the domain of their hosts."""

from newsletter.model.address import organisational_domain

# What each tells its customers to include. Their servers take mail at other addresses than those
# that they send from, so that an SPF record is compared with the name, not with the number.
_INCLUDES = {
    "amazonaws.com": "amazonses.com",
    "brevo.com": "spf.brevo.com",
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "mailgun.org": "mailgun.org",
    "mailjet.com": "spf.mailjet.com",
    "mandrillapp.com": "spf.mandrillapp.com",
    "office365.com": "spf.protection.outlook.com",
    "postmarkapp.com": "spf.mtasv.net",
    "sendgrid.net": "sendgrid.net",
}

# Those that leave our return path as it is; the others put one of their own domain in its place,
# unless their customer sets one up with them, so that our record may not matter.
_KEEP_RETURN_PATH = frozenset({"gmail.com", "google.com", "office365.com"})

# Domains of mailboxes for everybody: none of them lets another's server send with its name.
_MAILBOXES = frozenset(
    {"aol.com", "fastmail.com", "free.fr", "gmail.com", "gmx.de", "gmx.net", "googlemail.com"}
    | {"hotmail.co.uk", "hotmail.com", "hotmail.fr", "icloud.com", "laposte.net", "live.com"}
    | {"mac.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com", "proton.me"}
    | {"protonmail.com", "t-online.de", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.de"}
    | {"yahoo.fr", "yandex.ru", "ymail.com", "zoho.com"}
)


def include_for(host: str) -> str:
    """Return the domain that the owner of a host tells its customers to include; "" if unknown."""
    return _INCLUDES.get(organisational_domain(host) or "", "")


def keeps_return_path(host: str) -> bool:
    """Return whether the owner of a host is known to hand mail on with our return path."""
    return organisational_domain(host) in _KEEP_RETURN_PATH


def is_mailbox_provider(domain: str) -> bool:
    """Return whether everybody may have an address there."""
    return domain in _MAILBOXES
