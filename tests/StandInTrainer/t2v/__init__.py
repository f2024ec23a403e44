"""A stand-in for the trainer package: the same events and exit codes, no model."""
import json
import os
import sys
import time

VERSION = "stand-in 1"
CODES = {"usage": 2, "data": 3, "geometry": 4, "nan": 5, "memory": 6, "disk": 7, "missing": 8, "interrupted": 75, "internal": 1}


def behaviour(program):
    """What a test wants of a program: its part of behaviour.json in the working directory."""
    try:
        with open("behaviour.json", encoding="utf-8") as file:
            return json.load(file).get(program, {})
    except FileNotFoundError:
        return {}


def emit(event, **fields):
    print(json.dumps({"event": event, "time": time.time(), **fields}), flush=True)


def fail(kind, message, **fields):
    emit("error", kind=kind, message=message, **fields)
    sys.exit(CODES[kind])


def once(name):
    """True the first time a test's copy is asked for a name."""
    try:
        os.close(os.open(f".once-{name}", os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def log(name, line):
    with open(name, "a", encoding="utf-8") as file:
        file.write(line + "\n")


def film(wish, facts):
    """Bytes that differ with the facts: of a real video, with the facts in a box that players pass over, where a test gave one."""
    text = json.dumps(facts).encode()
    if "film" not in wish:
        return text * 20
    with open(wish["film"], "rb") as file:
        return file.read() + (len(text) + 8).to_bytes(4, "big") + b"free" + text


def options(arguments):
    """--name value pairs and switches."""
    given, i = {}, 0
    while i < len(arguments):
        name = arguments[i].removeprefix("--")
        if i + 1 < len(arguments) and not arguments[i + 1].startswith("--"):
            given[name] = arguments[i + 1]
            i += 2
        else:
            given[name] = True
            i += 1
    return given
