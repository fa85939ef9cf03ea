"""What blockchains ask of whoever reads them: chain and account names, checksums, hashes and signatures. Pure."""
