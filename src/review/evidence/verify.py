#!/usr/bin/env python3
"""Checks a bundle of evidence of loglake: with Python's standard library and openssl alone, and without a network.

    python3 verify.py FILE.zip [--key KEY.pem] [--log-key LOG.pem] [--aws-keys KEYS.json] [--tsa CA.pem]

FILE may also be the folder that it was unpacked into. The keys are those that you got by another way: without them the ones in the
bundle are used, and whoever changes a bundle can change those, too. Exit code 0: all is sound.
"""

import argparse
import base64
import calendar
import gzip
import hashlib
import io
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

PREDICATE = "https://loglake.dev/attestation/review/v1"
FAULTS = []
fault = FAULTS.append


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read(path):
    root = pathlib.Path(path)
    if root.is_dir():
        return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}
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


def openssl(arguments, **contents):
    """Runs openssl, with these contents in files: what it wrote, or None when it was not content."""
    with tempfile.TemporaryDirectory() as place:
        for name, data in contents.items():
            (pathlib.Path(place) / name).write_bytes(data)
        done = subprocess.run(["openssl", *arguments.split()], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout if done.returncode == 0 else None


def signed(pem, data, signature):
    """Whether a key in PEM has signed: Ed25519 as it is, P-256 and RSA over SHA-256."""
    command = "pkeyutl -verify -pubin -inkey key -rawin -in data -sigfile signature"
    return any(openssl(command + more, key=pem, data=data, signature=signature) is not None for more in ("", " -digest sha256"))


def der_of(pem):
    return base64.b64decode("".join(pem.decode().split("-----")[2].split()), validate=True)


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
    if (json.dumps(envelope, indent=2) + "\n").encode() != files["statement.dsse.json"]:
        fault("statement.dsse.json is not as it was written")
    if payload != files["statement.json"] or json.loads(payload)["predicateType"] != PREDICATE:
        fault("statement.json is not what was signed, or of another kind")
    named = {"statement.json", "statement.dsse.json"}
    for one in json.loads(payload)["subject"]:
        named.add(one["name"])
        if one["name"] not in files:
            fault(one["name"] + " is missing")
        elif sha256(files[one["name"]]) != one["digest"]["sha256"]:
            fault(one["name"] + " was changed")
    for name in set(files) - named:
        fault(name + " was added: nobody signed it")


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
    check_records(files)
    before = None
    for step in decision["steps"]:
        own = step.pop("sha256")
        text = json.dumps(dict(sorted(step.items())), separators=(",", ":"), ensure_ascii=False)
        if sha256(text.encode()) != own:
            fault("step %d was changed" % step["seq"])
        if step["previous_sha256"] != before:
            fault("a step before step %d is missing" % step["seq"])
        before = own


def check_records(files):
    """That a record lies in its object where the list says, only the object proves: where that is here too, it is looked up."""
    own = {name for name in files if name.startswith("records/")} - {"records/left-out.json"}
    index = json.loads(files["records/index.json"]) if own else []
    for name in own - {"records/index.json"} - {"records/" + one["sha256"] for one in index}:
        fault(name + ": no row is of it")
    objects, logged = hashes_of(files)
    places, ends = set(), {}
    for one in sorted(index, key=lambda one: (one["offset"], one["length"])):
        name, data, at = "records/" + one["sha256"], files["records/" + one["sha256"]], one["offset"]
        if sha256(data) != one["sha256"] or len(data) != one["length"] or at < 0:
            fault(name + " is not the record of that hash and length")
        row = files.get(one["row"]["file"], b"").split(b"\n")[one["row"]["line"] - 1]
        if json.dumps(one["id"], ensure_ascii=False)[1:-1].encode() not in row:
            fault(name + ": there is no such row")
        if one["has_id"] and one["id"].encode() not in data:
            fault(name + " is the record of another row")
        if objects.get(one["object"]) != one["object_sha256"] or logged.get(one["object"]) not in (None, one["expanded_sha256"]):
            fault(name + ": the ledger or the log of the lake has another hash of its object")
        if (one["object"], at, len(data)) not in places and at < ends.get(one["object"], 0):
            fault(name + " lies across another record")
        places.add((one["object"], at, len(data)))
        ends[one["object"]] = at + len(data)
        whole = held(files, one["object_sha256"])
        if whole is not None and (one["expanded_sha256"] not in (None, sha256(whole)) or whole[at : at + len(data)] != data):
            fault(name + " does not lie there in its object")


def hashes_of(files):
    """Of each object the hash of its bytes, in the ledger, and that of its unzipped bytes, in the log of the lake."""
    lines = [json.loads(one["line"]) for one in json.loads(files.get("log/proofs.json", b'{"objects":[]}'))["objects"]]
    return {one["name"]: one["sha256"] for one in json.loads(files["objects.json"])}, {line[0]: line[3] for line in lines}


def held(files, name):
    """The unzipped bytes of an object that is here, or None: zstd is not in the standard library."""
    data = files.get("objects/%s" % name, b"(\xb5/\xfd")
    unzipped = gzip.open(io.BytesIO(data)).read(1 << 30) if data[:2] == b"\x1f\x8b" else data
    return None if data[:4] == b"(\xb5/\xfd" else unzipped


def rsa_key(der):
    """A public key in DER, of PKCS #1 or inside SPKI: as PKCS #1 in DER, and in PEM."""
    for kind in ("-RSAPublicKey_in", "-pubin"):
        own = openssl("rsa -in key -inform DER -RSAPublicKey_out -outform DER " + kind, key=der)
        if own:
            return own, openssl("rsa -in key -inform DER -pubout " + kind, key=der)
    raise ValueError("a key of AWS cannot be read")


def check_digests(files, trusted):
    keys = {}
    listed = json.loads(trusted)["PublicKeyList"] if trusted else json.loads(files["digest-keys.json"])
    for one in listed:
        der, pem = rsa_key(base64.b64decode(one.get("Value") or one["value"]))
        keys[hashlib.md5(der).hexdigest()] = pem
    named = {}
    for one in json.loads(files["digests.json"]):
        document = json.loads(one["document"])
        text = "%(digestEndTime)s\n%(digestS3Bucket)s/%(digestS3Object)s\n" % document + sha256(one["document"].encode())
        text += "\n" + (document["previousDigestSignature"] or "null")
        key = keys.get(document["digestPublicKeyFingerprint"])
        if key is None or not signed(key, text.encode(), bytes.fromhex(one["signature"])):
            fault(one["object"] + ": the digest is not signed by AWS")
            continue
        for log in document["logFiles"]:
            named[(one["object"], log["hashValue"])] = log["s3Object"]
    objects, logged = hashes_of(files)
    for one in json.loads(files["digest-files.json"]):
        whole = held(files, objects.get(one["object"]))
        if one["state"] == "same" and {logged.get(one["object"]), whole and sha256(whole)} - {None, one["sha256"]}:
            fault(one["object"] + ": it has other content than AWS signed")
        key = named.get((one["digest"], one["sha256"]))
        if key is None or not one["object"].endswith(key[key.index("AWSLogs/") :]):
            fault(one["object"] + ": no digest names it so")
    return len({one["object"] for one in json.loads(files["digest-files.json"]) if one["state"] == "same"})


def root_of(data, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    own = hashlib.sha256(b"\x00" + data).digest()
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


def check_log(files, key):
    text, lines = files["log/checkpoint"].split(b"\n\n", 1)
    size, root = int(text.split(b"\n")[1]), base64.b64decode(text.split(b"\n")[2], validate=True)
    signature = base64.b64decode(lines.split()[-1], validate=True)[4:]
    if not signed(key, text + b"\n", signature):
        fault("the checkpoint is not signed by the key of the log")
    hashes, proofs = hashes_of(files)[0], json.loads(files["log/proofs.json"])["objects"]
    for one in proofs:
        line = json.loads(one["line"])
        inner = root_of(one["line"].encode(), one["index"], one["count"], one["path"])
        if inner is None or inner.hex() != json.loads(one["leaf"])["objects"]["root"]:
            fault(one["object"] + ": it is not in the leaf of its commit")
        if root_of(one["leaf"].encode(), one["leaf_index"], size, one["leaf_path"]) != root:
            fault(one["object"] + ": the leaf of its commit is not in the log")
        if line[0] != one["object"] or hashes.get(one["object"]) != line[2]:
            fault(one["object"] + ": the log has another hash of it")
    return len(proofs)


def check_stamp(files, tsa):
    """The time that an authority says, at which its certificate had to be valid; None where nothing was stamped."""
    if "log/stamp.tsr" not in files:
        return None
    known = {"data": files["log/checkpoint"], "query": files["log/stamp.tsq"], "stamp": files["log/stamp.tsr"], "tsa": tsa or b""}
    told = openssl("ts -reply -in stamp -text", **known).decode()
    text = re.search(r"Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT", told)
    at = calendar.timegm(time.strptime(" ".join(text.groups()), "%b %d %H:%M:%S %Y"))
    # The one is about our bytes, the other about the number used once.
    for about in ("-data data", "-queryfile query"):
        if tsa and openssl("ts -verify -in stamp -CAfile tsa -attime %d %s" % (at, about), **known) is None:
            fault("the time stamp is not the authority's, or not of this log")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)) + ("" if tsa else ", which was not checked: give --tsa")


def content(path):
    return pathlib.Path(path).read_bytes()


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
            trusted = content(options.aws_keys) if options.aws_keys else None
            told.append("%d log files are as AWS signed them" % check_digests(files, trusted))
        if "log/checkpoint" in files:
            trusted = content(options.log_key) if options.log_key else files["log/key.pem"]
            told.append("%d objects are in the log of the lake" % check_log(files, trusted))
            stamped = check_stamp(files, content(options.tsa) if options.tsa else files.get("log/tsa.pem"))
            told += ["the log had them at " + stamped] if stamped else []
    except Exception as thrown:  # Whatever breaks the reading was done to the bundle.
        fault("it cannot be read: %s: %s" % (type(thrown).__name__, thrown))
    print("\n".join([*("WRONG: " + ascii(text)[1:-1] for text in FAULTS), *told, "NOT SOUND" if FAULTS else "SOUND"]))
    return 1 if FAULTS else 0


if __name__ == "__main__":
    sys.exit(main())
