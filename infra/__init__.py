"""What runs where: features declared as data, and CDK and the local stage that both read it."""
