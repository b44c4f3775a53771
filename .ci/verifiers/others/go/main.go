// Verifies a log with golang.org/x/mod/sumdb/note and sumdb/tlog: the signature, the inclusion of a sample of entries of
// every bundle, and consistency with checkpoints of the past. Tiles are read through tlog.TileHashReader, which proves
// each of them.
//
//	verify-go LOCATION KEYS EARLIER
//
// LOCATION is the log's URL or a directory with a copy of it, KEYS the file with its verifier keys (the Ed25519 one
// first: this package knows no other type), EARLIER a directory of older checkpoints. Exit 0: everything holds; 3: the
// log is rejected; 1: the check itself failed.
package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if len(os.Args) != 4 {
		fail(errors.New("usage: verify-go LOCATION KEYS EARLIER"))
	}
	keys, err := os.ReadFile(os.Args[2])
	if err != nil {
		fail(err)
	}
	verifier, err := note.NewVerifier(strings.SplitN(string(keys), "\n", 2)[0])
	if err != nil {
		fail(err)
	}
	log := &log{location: os.Args[1], verifier: verifier, bundles: map[int64][]byte{}}
	now := log.open(log.get("checkpoint"))
	hashes := tlog.TileHashReader(now, log)
	inclusions := log.includes(now, hashes)
	consistencies := log.extends(now, hashes, os.Args[3])
	fmt.Printf("size %d: signature, %d inclusions, %d consistencies\n", now.N, inclusions, consistencies)
}

// A log that is read from a URL or from a directory.
type log struct {
	location string
	verifier note.Verifier
	bundles  map[int64][]byte
}

// open gives the tree of a checkpoint that the log's key signed. tlog.ParseTree knows another first line than C2SP's.
func (l *log) open(signed []byte) tlog.Tree {
	opened, err := note.Open(signed, note.VerifierList(l.verifier))
	if err != nil {
		reject("the checkpoint: %v", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != l.verifier.Name() || lines[3] != "" {
		reject("the checkpoint is not origin, size and root")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		reject("the checkpoint's size is %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		reject("the checkpoint's root: %v", err)
	}
	return tlog.Tree{N: size, Hash: root}
}

// includes proves entries of every bundle to be in the tree.
func (l *log) includes(now tlog.Tree, hashes tlog.HashReader) int {
	count := 0
	for index := int64(0); index < now.N; index += 211 {
		l.include(now, hashes, index)
		count++
	}
	l.include(now, hashes, now.N-1)
	return count + 1
}

func (l *log) include(now tlog.Tree, hashes tlog.HashReader, index int64) {
	leaf := tlog.RecordHash(l.entry(now, index))
	proof, err := tlog.ProveRecord(now.N, index, hashes)
	if err != nil {
		reject("inclusion of entry %d: %v", index, err)
	}
	if err := tlog.CheckRecord(proof, now.N, now.Hash, index, leaf); err != nil {
		reject("inclusion of entry %d: %v", index, err)
	}
}

// extends proves that the tree extends each tree that was signed before.
func (l *log) extends(now tlog.Tree, hashes tlog.HashReader, directory string) int {
	files, err := os.ReadDir(directory)
	if err != nil || len(files) == 0 {
		fail(fmt.Errorf("no checkpoint in %s: %v", directory, err))
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Name() < files[j].Name() })
	for _, file := range files {
		signed, err := os.ReadFile(filepath.Join(directory, file.Name()))
		if err != nil {
			fail(err)
		}
		old := l.open(signed)
		proof, err := tlog.ProveTree(now.N, old.N, hashes)
		if err != nil {
			reject("consistency with size %d: %v", old.N, err)
		}
		if err := tlog.CheckTree(proof, now.N, now.Hash, old.N, old.Hash); err != nil {
			reject("consistency with size %d: %v", old.N, err)
		}
	}
	return len(files)
}

// entry reads one entry out of its bundle.
func (l *log) entry(now tlog.Tree, index int64) []byte {
	number := index >> height
	bundle, ok := l.bundles[number]
	if !ok {
		tile := tlog.Tile{H: height, L: -1, N: number, W: 1 << height}
		if now.N < (number+1)<<height {
			tile.W = int(now.N - number<<height)
		}
		bundle = l.get(strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1))
		l.bundles[number] = bundle
	}
	for skip := index & (1<<height - 1); ; skip-- {
		if len(bundle) < 2 || len(bundle) < 2+int(bundle[0])<<8+int(bundle[1]) {
			reject("entry bundle %d is cut", number)
		}
		end := 2 + int(bundle[0])<<8 + int(bundle[1])
		if skip == 0 {
			return bundle[2:end]
		}
		bundle = bundle[end:]
	}
}

// Height is that of C2SP tlog-tiles.
func (l *log) Height() int { return height }

// ReadTiles reads tiles under their C2SP paths, which leave the height out.
func (l *log) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data[i] = l.get(strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
	}
	return data, nil
}

// SaveTiles keeps nothing: each proof reads and proves its tiles again.
func (l *log) SaveTiles([]tlog.Tile, [][]byte) {}

func (l *log) get(path string) []byte {
	if !strings.HasPrefix(l.location, "https://") {
		content, err := os.ReadFile(filepath.Join(l.location, path))
		if err != nil {
			fail(err)
		}
		return content
	}
	answer, err := http.Get(l.location + "/" + path)
	if err != nil {
		fail(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		fail(err)
	}
	if answer.StatusCode != http.StatusOK {
		reject("%s is answered with %s", path, answer.Status)
	}
	return content
}

func reject(format string, arguments ...any) {
	fmt.Printf("rejected: "+format+"\n", arguments...)
	os.Exit(3)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
