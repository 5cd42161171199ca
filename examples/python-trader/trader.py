#!/usr/bin/env python3
"""A paper trader: reads what it is told, writes a line for each bar, ends on SIGTERM."""
import json
import signal
import sys
import threading

BAD_INPUT = 65  # of 64 to 78: starting it again would not help


def told(path):
    try:
        with open(path, encoding="utf-8") as file:
            trial = json.load(file)
        return trial["study"], trial["number"], trial["model"], trial["pace_millis"] / 1000
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{path} does not say what to trade: {error!r}", file=sys.stderr)
        sys.exit(BAD_INPUT)


def main():
    if len(sys.argv) != 2:
        print("usage: trader.py TRIAL_JSON", file=sys.stderr)
        sys.exit(64)
    study, number, model, pace = told(sys.argv[1])
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    print(f"trading {study}/{number} on paper with {model}", flush=True)
    bar = 0
    while not ending.wait(pace):
        bar += 1
        # here a real one looks at the bar, asks its model, and books what it would have bought
        print(f"bar {bar}: nothing to do", flush=True)
    print(f"ended in order after {bar} bars", flush=True)


main()
