"""Never gets loaded."""

import time

time.sleep(60)
