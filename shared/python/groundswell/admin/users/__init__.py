"""What administrators of organizations, and operators of the platform, see and do."""
