"""Does what follows from tasks: others wait no more, reminders, the next of a series."""
