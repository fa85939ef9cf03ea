"""Where the links of accounts' mails lead: confirm an address, choose a password."""
