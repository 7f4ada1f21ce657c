"""What a programme decides for itself without a programmer: its lists and its settings. They are
rows of `core.reference`; who may change them, and that it is written down, is known here."""
