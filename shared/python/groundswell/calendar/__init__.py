"""Calendar entries for mail and download (iCalendar, RFC 5545; scheduling, RFC 5546)."""
