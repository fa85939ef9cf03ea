"""What follows in time: pages that become public, or stop being so."""
