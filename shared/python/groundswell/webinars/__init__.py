"""Webinars: seats that cannot be oversold, a waitlist, mails, calendars, attendance."""
