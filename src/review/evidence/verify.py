#!/usr/bin/env python3
"""Checks a bundle of evidence of loglake: with Python's standard library and openssl alone, and without a network.

    python3 verify.py FILE.zip [--key KEY.pem] [--log-key LOG.pem] [--aws-keys KEYS.json] [--tsa CA.pem]

FILE may also be the folder that it was unpacked into. The keys are those that you got by another way: without them the ones in the
bundle are used, and whoever changes a bundle can change those, too. Exit code 0: all is sound.
"""

import argparse
import base64
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

FAULTS = []


def fault(text):
    FAULTS.append(text)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read(path):
    if os.path.isdir(path):
        found = {}
        for folder, _, names in os.walk(path):
            for name in names:
                whole = os.path.join(folder, name)
                with open(whole, "rb") as file:
                    found[os.path.relpath(whole, path).replace(os.sep, "/")] = file.read()
        return found
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    # Nothing but the files, their heads and the list of them: no byte that nobody has signed.
    if archived(found) != content(path):
        fault("the archive is not as loglake writes it")
    return found


def archived(files):
    """The archive of these files: stored, by name, of one time (PKWARE APPNOTE 6.3.10)."""
    parts, listed, at = [], [], 0
    for name in sorted(files):
        data, named = files[name], name.encode()
        common = struct.pack("<HHHHHIIIHH", 20, 0x800, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(named), 0)
        parts += [struct.pack("<I", 0x04034B50) + common, named, data]
        listed += [struct.pack("<IH", 0x02014B50, 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, at), named]
        at += 30 + len(named) + len(data)
    central = b"".join(listed)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(files), len(files), len(central), at, 0)
    return b"".join(parts) + central + end


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT).returncode == 0


def signed(pem, data, signature):
    """Whether a key in PEM has signed: Ed25519 as it is, P-256 over SHA-256."""
    with tempfile.TemporaryDirectory() as place:
        paths = {}
        for name, content in (("key", pem), ("data", data), ("signature", signature)):
            paths[name] = os.path.join(place, name)
            with open(paths[name], "wb") as file:
                file.write(content)
        common = ["-verify", "-pubin", "-inkey", paths["key"], "-rawin", "-in", paths["data"], "-sigfile", paths["signature"]]
        return openssl("pkeyutl", *common) or openssl("pkeyutl", *common, "-digest", "sha256")


def der_of(pem):
    lines = pem.decode().split("-----")
    return base64.b64decode("".join(lines[2].split()), validate=True)


# --- The statement over all files -----------------------------------------------------------------------------------


def check_statement(files, key):
    envelope = json.loads(files["statement.dsse.json"])
    payload = base64.b64decode(envelope["payload"], validate=True)
    kind = envelope["payloadType"].encode()
    if kind != b"application/vnd.in-toto+json":
        fault("the statement is of another kind")
    text = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    signatures = [base64.b64decode(one["sig"], validate=True) for one in envelope["signatures"]]
    if len(signatures) != 1 or not signed(key, text, signatures[0]):
        fault("the signature is not right: the bundle was changed, or another key signed it")
    if envelope["signatures"][0]["keyid"] != sha256(der_of(key)):
        fault("the signature names another key")
    canonical = json.dumps(envelope, indent=2) + "\n"
    if canonical.encode() != files["statement.dsse.json"]:
        fault("statement.dsse.json is not as it was written")
    if payload != files["statement.json"]:
        fault("statement.json is not what was signed")
    named = {"statement.json", "statement.dsse.json"}
    for one in json.loads(payload)["subject"]:
        named.add(one["name"])
        if one["name"] not in files:
            fault(one["name"] + " is missing")
        elif sha256(files[one["name"]]) != one["digest"]["sha256"]:
            fault(one["name"] + " was changed")
    for name in set(files) - named:
        fault(name + " was added: nobody signed it")


# --- Rows and steps -------------------------------------------------------------------------------------------------


def check_rows(files):
    decision = json.loads(files["decision.json"])
    if decision["rows"]["are"] == "whole":
        digest = hashlib.sha256()
        for name in sorted(name for name in files if name.startswith("rows/")):
            table = name[len("rows/") : -len(".ndjson")].encode()
            for line in files[name].split(b"\n")[:-1]:
                digest.update(table + b"\n" + line + b"\n")
        if digest.hexdigest() != decision["rows"]["sha256"]:
            fault("the rows are not those of the digest in decision.json")
    sums = {one["sha256"] for one in json.loads(files["objects.json"])}
    for name in set(files) - {"objects/left-out.json"}:
        if name.startswith("objects/") and (name != "objects/" + sha256(files[name]) or name[8:] not in sums):
            fault(name + " is not the object of that hash")
    before = None
    for step in decision["steps"]:
        own = step.pop("sha256")
        text = json.dumps(dict(sorted(step.items())), separators=(",", ":"), ensure_ascii=False)
        if sha256(text.encode()) != own:
            fault("step %d was changed" % step["seq"])
        if step["previous_sha256"] != before:
            fault("a step before step %d is missing" % step["seq"])
        before = own


# --- CloudTrail's digests -------------------------------------------------------------------------------------------


def rsa_key(der):
    """Modulus and exponent of PKCS #1 in DER, or of the same inside SPKI."""

    def parts(data):
        found = []
        at = 0
        while at < len(data):
            tag, length, at = data[at], data[at + 1], at + 2
            if length & 0x80:
                count = length & 0x7F
                length, at = int.from_bytes(data[at : at + count], "big"), at + count
            found.append((tag, data[at : at + length]))
            at += length
        return found

    inside = parts(parts(der)[0][1])
    if inside[0][0] == 0x30:
        der = inside[1][1][1:]
        inside = parts(parts(der)[0][1])
    return int.from_bytes(inside[0][1], "big"), int.from_bytes(inside[1][1], "big"), der


PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


def rsa_signed(der, text, signature):
    modulus, exponent, _ = rsa_key(der)
    size = (modulus.bit_length() + 7) // 8
    block = PREFIX + hashlib.sha256(text).digest()
    wanted = b"\x00\x01" + b"\xff" * (size - len(block) - 3) + b"\x00" + block
    return len(signature) == size and pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big") == wanted


def check_digests(files, trusted):
    keys = {}
    listed = json.loads(trusted)["PublicKeyList"] if trusted else json.loads(files["digest-keys.json"])
    for one in listed:
        der = base64.b64decode(one.get("Value") or one["value"])
        keys[hashlib.md5(rsa_key(der)[2]).hexdigest()] = der
    named = {}
    for one in json.loads(files["digests.json"]):
        bytes_ = one["document"].encode()
        document = json.loads(bytes_)
        text = "%s\n%s/%s\n%s\n%s" % (
            document["digestEndTime"],
            document["digestS3Bucket"],
            document["digestS3Object"],
            sha256(bytes_),
            document["previousDigestSignature"] or "null",
        )
        key = keys.get(document["digestPublicKeyFingerprint"])
        if key is None or not rsa_signed(key, text.encode(), bytes.fromhex(one["signature"])):
            fault(one["object"] + ": the digest is not signed by AWS")
            continue
        for log in document["logFiles"]:
            named[(one["object"], log["hashValue"])] = log["s3Object"]
    for one in json.loads(files["digest-files.json"]):
        key = named.get((one["digest"], one["sha256"]))
        if key is None or not one["object"].endswith(key[key.index("AWSLogs/") :]):
            fault(one["object"] + ": no digest names it so")
    return len({one["object"] for one in json.loads(files["digest-files.json"]) if one["state"] == "same"})


# --- The log of the lake --------------------------------------------------------------------------------------------


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def root_of(own, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    if index >= size:
        return None
    last = size - 1
    for text in path:
        other = bytes.fromhex(text)
        if last == 0:
            return None
        if index % 2 or index == last:
            own = hashlib.sha256(b"\x01" + other + own).digest()
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            own = hashlib.sha256(b"\x01" + own + other).digest()
        index, last = index >> 1, last >> 1
    return own if last == 0 else None


def check_log(files, key, tsa):
    note = files["log/checkpoint"]
    text, lines = note.split(b"\n\n", 1)
    text += b"\n"
    size, root = int(text.split(b"\n")[1]), base64.b64decode(text.split(b"\n")[2], validate=True)
    signature = base64.b64decode(lines.split()[-1], validate=True)[4:]
    if not signed(key, text, signature):
        fault("the checkpoint is not signed by the key of the log")
    proofs = json.loads(files["log/proofs.json"])["objects"]
    hashes = {one["name"]: one["sha256"] for one in json.loads(files["objects.json"])}
    for one in proofs:
        line = json.loads(one["line"])
        inner = root_of(leaf(one["line"].encode()), one["index"], one["count"], one["path"])
        if inner is None or inner.hex() != json.loads(one["leaf"])["objects"]["root"]:
            fault(one["object"] + ": it is not in the leaf of its commit")
        if root_of(leaf(one["leaf"].encode()), one["leaf_index"], size, one["leaf_path"]) != root:
            fault(one["object"] + ": the leaf of its commit is not in the log")
        if line[0] != one["object"] or hashes.get(one["object"]) != line[2]:
            fault(one["object"] + ": the log has another hash of it")
    if tsa and "log/stamp.tsr" in files:
        with tempfile.TemporaryDirectory() as place:
            for name, content in (("data", note), ("stamp", files["log/stamp.tsr"])):
                with open(os.path.join(place, name), "wb") as file:
                    file.write(content)
            at = [os.path.join(place, name) for name in ("data", "stamp")]
            if not openssl("ts", "-verify", "-data", at[0], "-in", at[1], "-CAfile", tsa):
                fault("the time stamp is not the authority's")
    return len(proofs)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle")
    parser.add_argument("--key", help="the key that must have signed the bundle, in PEM")
    parser.add_argument("--log-key", help="the key that must have signed the log of the lake, in PEM")
    parser.add_argument("--aws-keys", help="what `aws cloudtrail list-public-keys` printed")
    parser.add_argument("--tsa", help="the certificate of the authority that stamped the log, in PEM")
    options = parser.parse_args()
    told = []
    try:
        files = read(options.bundle)
        key = content(options.key) if options.key else files["key.pem"]
        check_statement(files, key)
        check_rows(files)
        told.append("signed by the key " + sha256(der_of(key)) + ("" if options.key else ", which lies in the bundle"))
        if "digests.json" in files:
            count = check_digests(files, content(options.aws_keys) if options.aws_keys else None)
            told.append("%d log files are as AWS signed them" % count)
        if "log/checkpoint" in files:
            count = check_log(files, content(options.log_key) if options.log_key else files["log/key.pem"], options.tsa)
            told.append("%d objects are in the log of the lake" % count)
    except Exception as thrown:  # Whatever breaks the reading was done to the bundle.
        fault("it cannot be read: %s: %s" % (type(thrown).__name__, thrown))
    lines = ["WRONG: " + ascii(text)[1:-1] for text in FAULTS] + told
    print("\n".join([*lines, "NOT SOUND" if FAULTS else "SOUND"]))
    return 1 if FAULTS else 0


if __name__ == "__main__":
    sys.exit(main())
