package language

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestPiecesReadLikeTheWholeText compares what a token cache finds piece by
// piece with what the analysers find in the whole text.
func TestPiecesReadLikeTheWholeText(t *testing.T) {
	english, plain, err := NewAnalysers()
	if err != nil {
		t.Fatal(err)
	}
	l := NewTokenCache(nil, english, plain)
	check := func(text string) {
		folded := Fold(text)
		p := l.analyse(folded)
		var stems []string
		for _, s := range p.Stems {
			stems = append(stems, s.Text)
			if s.number != StemNumber(s.Text) {
				t.Errorf("the number of %q is %d", s.Text, s.number)
			}
		}
		if want := english.Stems(folded); !slices.Equal(stems, want) {
			t.Errorf("%q has the stems\n got %q\nwant %q", text, stems, want)
		}
		if want := plain.Stems(folded); !slices.Equal(p.Words, want) {
			t.Errorf("%q has the words\n got %q\nwant %q", text, p.Words, want)
		}
	}
	for _, text := range readTexts {
		check(text)
	}
	r := rand.New(rand.NewPCG(5, 5))
	var bits []string
	for _, text := range readTexts {
		bits = append(bits, strings.Fields(text)...)
	}
	glue := []string{" ", " ", " ", "", ".", ",", ":", ";", "-", "_", "'", "’", "/", "\n", "\t", "\u00a0", "\u200d", "\u0301", "\u200b", "\r\n", "..", " . ", "\x00", "(", ")", "\"", "+", "\u2028", "\ufeff"}
	for range 20_000 {
		var text strings.Builder
		for range 1 + r.IntN(8) {
			bit := bits[r.IntN(len(bits))]
			if r.IntN(3) == 0 {
				runes := []rune(bit)
				bit = string(runes[r.IntN(len(runes)):])
			}
			text.WriteString(bit + glue[r.IntN(len(glue))])
		}
		check(text.String())
		if t.Failed() {
			return
		}
	}
}

// readTexts are what people write, and what they do not.
var readTexts = []string{
	"", " ", ".", "Chair yoga for over-60s, every Tuesday at 10.30am (except bank holidays).",
	"We're a friendly group; it's £2.50 a session – or what you can afford. Don't worry if you're new!",
	"Côr meibion Caerffili: ymarfer bob nos Fawrth, tŷ’r capel. Croeso i bawb; dysgwyr hefyd – ŵyr, ŷd, ïon",
	"Email info@example.org.uk or see https://example.org/a_b/c?d=e&f=1,2;3 or ring 0161 496 0123.",
	"M33 7DB, LS1 4DY; 3rd, 21st, 1,000 people, 1.5 miles, 10:00-11:30, 24/7, 50+, A&B, C#, R&B, rock'n'roll",
	"snake_case and _private_ and __ and a__b and 1_000 and x.y.z and U.K. and e.g. i.e. and etc...",
	"太极拳 for beginners 書道 ひらがな カタカナ 한국어 ไทย русский ελληνικά עברית العربية हिन्दी",
	"🎨 Art 👩‍👩‍👧 families 🏴󠁧󠁢󠁷󠁬󠁳󠁿 Cymru 👍🏽 ok ❤️ ½ ² ﬁne Ⅳ",
	"naïve café résumé Zoë Łódź straße İstanbul Ångström e\u0301 a\u0300b",
	"running runner ran runs; knitting, knitted, knitters; communities' community's the and of to is",
	"line one\nline two\r\nline three\ttabbed\u00a0nbsp\u200bzwsp\u00adsoft\u2011hyphen\u2014dash",
	"\x00 \x01a b\x7fc \xff\xfe bad utf-8 \xc3",
	"THE QUICK BROWN FOX'S 'quoted' “double” ‘single’ `tick` ´acute´ ′prime′ ʼmod ʻokina",
}
