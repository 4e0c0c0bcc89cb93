"""From raster layers to wildlife corridors across borders.

The public functions, in the order they are used, stand in `__init__.pyi`; they are loaded when first named.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
