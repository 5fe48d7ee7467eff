// Reads {"key": verifier, "note": checkpoint, "entries": [base64], "proofs": [{"index", "path": [hex]}], "consistency": [{"before", "path": [hex]}]}
// and says what Go's own transparency log says of it.
package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	Key     string   `json:"key"`
	Note    string   `json:"note"`
	Entries []string `json:"entries"`
	Proofs  []struct {
		Index int64    `json:"index"`
		Path  []string `json:"path"`
	} `json:"proofs"`
	Consistency []struct {
		Before int64    `json:"before"`
		Path   []string `json:"path"`
	} `json:"consistency"`
}

func fail(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}

func hashes(path []string) []tlog.Hash {
	var found []tlog.Hash
	for _, text := range path {
		bytes, err := hex.DecodeString(text)
		if err != nil || len(bytes) != tlog.HashSize {
			fail("no hash: %s", text)
		}
		found = append(found, tlog.Hash(bytes))
	}
	return found
}

func main() {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		fail("%v", err)
	}
	verifier, err := note.NewVerifier(in.Key)
	if err != nil {
		fail("key: %v", err)
	}
	opened, err := note.Open([]byte(in.Note), note.VerifierList(verifier))
	if err != nil {
		fail("note: %v", err)
	}
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size != int64(len(in.Entries)) {
		fail("size %s of %d entries", lines[1], len(in.Entries))
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for at, index := range indexes {
			found[at] = stored[index]
		}
		return found, nil
	})
	roots := map[int64]tlog.Hash{}
	for at, text := range in.Entries {
		entry, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			fail("entry %d: %v", at, err)
		}
		more, err := tlog.StoredHashes(int64(at), entry, reader)
		if err != nil {
			fail("entry %d: %v", at, err)
		}
		stored = append(stored, more...)
		root, err := tlog.TreeHash(int64(at)+1, reader)
		if err != nil {
			fail("root %d: %v", at+1, err)
		}
		roots[int64(at)+1] = root
	}
	root := roots[size]
	if base64.StdEncoding.EncodeToString(root[:]) != lines[2] {
		fail("another root: %s", root)
	}
	for _, one := range in.Proofs {
		entry, _ := base64.StdEncoding.DecodeString(in.Entries[one.Index])
		if err := tlog.CheckRecord(hashes(one.Path), size, root, one.Index, tlog.RecordHash(entry)); err != nil {
			fail("proof of %d: %v", one.Index, err)
		}
	}
	for _, one := range in.Consistency {
		if err := tlog.CheckTree(hashes(one.Path), size, root, one.Before, roots[one.Before]); err != nil {
			fail("consistency with %d: %v", one.Before, err)
		}
	}
	fmt.Println("sound")
}
