"""The parts of benchtop.py: import `benchtop`, not this."""
