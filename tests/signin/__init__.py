"""The front door: nobody comes in who should not, and nobody who should is kept out."""
