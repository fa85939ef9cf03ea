"""Bookings of people's time: types, free slots, holds, and slots that are sold once."""
