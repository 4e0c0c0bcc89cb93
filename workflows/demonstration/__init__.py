"""Parts of `make_demonstration_data.py`: facts (TOML), noise, terrain, land cover, prey, features, files."""
