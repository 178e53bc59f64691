"""A Python function in another process."""

import multiprocessing
import os


def square(number):
    return number, number * number, os.getpid()


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for number, result, pid in pool.map(square, [3, 4]):
            print(number, "squared is", result, "- here?", pid == os.getpid())
