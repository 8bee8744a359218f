"""Makes an animated WebP of the frames of pictures.mjs: NUMBER-MILLISECONDS.png. Needs Pillow.

usage: python3 animate.py FRAMES OUTPUT
"""

import pathlib
import sys

from PIL import Image

WIDTH = 300  # pixels

paths = sorted(pathlib.Path(sys.argv[1]).glob("*-*.png"))
frames = [Image.open(path).convert("RGB") for path in paths]
small = [frame.resize((WIDTH, frame.height * WIDTH // frame.width), Image.LANCZOS) for frame in frames]
times = [int(path.stem.split("-")[1]) for path in paths]
small[0].save(sys.argv[2], save_all=True, append_images=small[1:], duration=times, loop=0, quality=82, method=6)
