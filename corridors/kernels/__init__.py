"""Compiled loops: arrays in, arrays out. Nothing here knows rasters, files, units or species."""
