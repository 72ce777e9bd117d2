"""A process that says that it is ready, and waits for its parent's end."""

import time

from flows.serving.children import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    print("ready", flush=True)
    time.sleep(60)
