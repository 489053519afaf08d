package language

import (
	"embed"
	"fmt"
	"strings"
)

// Each word list is a file of folded words with a comment that says what the
// list is for.
//
//go:embed words/*.txt
var wordFiles embed.FS

// wordList reads the list words/name.txt, which is part of the program.
func wordList(name string) map[string]bool {
	text, err := wordFiles.ReadFile("words/" + name + ".txt")
	if err != nil {
		panic(fmt.Sprintf("language: read a word list: %v", err))
	}
	var words []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	return wordSet(words...)
}

func wordSet(words ...string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		set[w] = true
	}
	return set
}

var genericStems = wordList("generic-stems")

// Generic reports whether so many listings have a stem that it does not explain
// why one of them was found: "group", "activ".
func Generic(stem string) bool { return genericStems[stem] }
