"""Groups of persons by what they did and what is known of them, as they were at one time."""
