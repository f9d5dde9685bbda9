"""Prints the scalars of a directory of events, a line each: tag, step, value; for tests/cli/tensorboard_reads_it.sh.

    python3 events.py DIR          with a decoder of its own, which checks every checksum
    python3 events.py DIR reader   by TensorBoard's EventAccumulator
"""
import os
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def check(data, masked, what):
    unmasked = (masked - 0xA282EAD8) & 0xFFFFFFFF
    if crc32c(data) != (unmasked << 15 | unmasked >> 17) & 0xFFFFFFFF:
        sys.exit(f"{what}: its checksum is another")


def records(path):
    with open(path, "rb") as f:
        data = f.read()
    at = 0
    while at < len(data):
        (size, masked) = struct.unpack_from("<QI", data, at)
        check(data[at:at + 8], masked, f"{path}: the length at {at}")
        record = data[at + 12:at + 12 + size]
        check(record, struct.unpack_from("<I", data, at + 12 + size)[0], f"{path}: the record at {at}")
        yield record
        at += 16 + size


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = {1: lambda: (8, at), 5: lambda: (4, at), 2: lambda: varint(data, at)}[key & 7]()
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def decoded(directory):
    for name in sorted(os.listdir(directory)):
        for i, record in enumerate(records(os.path.join(directory, name))):
            event = dict(fields(record))
            if i == 0:
                if event[3] != b"brain.Event:2":
                    sys.exit(f"{name}: it begins with {event}")
                continue
            if not 1.5e9 < struct.unpack("<d", event[1])[0] < 1e11:
                sys.exit(f"{name}: the time is {event[1]}")
            for _, value in fields(event[5]):
                scalar = dict(fields(value))
                yield scalar[1].decode(), event[2], struct.unpack("<f", scalar[2])[0]


def read(directory):
    from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator
    events = EventAccumulator(directory, size_guidance={SCALARS: 0})
    events.Reload()
    for tag in events.Tags()["scalars"]:
        for e in events.Scalars(tag):
            yield tag, e.step, e.value


for tag, step, value in sorted((read if len(sys.argv) > 2 else decoded)(sys.argv[1])):
    print(tag, step, f"{value:.9g}")
