"""The same system on one machine: an AWS emulator, the real handlers behind a gateway, and their consumers."""
