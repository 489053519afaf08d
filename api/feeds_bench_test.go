package api_test

import (
	"context"
	"net/url"
	"testing"

	"gather/search"
)

// BenchmarkSearchPartOfAFeed asks for all that a feed of 2,000 listings holds,
// as feeds do it (Find, 500 ids at a time) and as pages of results (Search,
// 100 at a time with what is told of each).
func BenchmarkSearchPartOfAFeed(b *testing.B) {
	s := newSite(b)
	s.crowd(2000)
	for _, way := range []struct {
		name string
		size int
		page func(context.Context, search.Query) (int, string, error)
	}{
		{"Find", 500, func(ctx context.Context, q search.Query) (int, string, error) {
			f, err := s.deps.Index.Find(ctx, q)
			return len(f.IDs), f.Next, err
		}},
		{"Search", search.MaxLimit, func(ctx context.Context, q search.Query) (int, string, error) {
			a, err := s.deps.Index.Search(ctx, q)
			return len(a.Items), a.Next, err
		}},
	} {
		for _, text := range []string{"q=walk", "near=M33+7DB&within=5", "q=walk&near=M33+7DB&sort=updated"} {
			q := must(search.ParseQuery(must(url.ParseQuery(text))(b), s.deps.Vocabulary))(b)
			b.Run(way.name+"/"+text, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					q, n := q, 0
					for q.Limit = way.size; ; {
						found, next, err := way.page(b.Context(), q)
						check(b, err)
						n += found
						if q.Cursor = next; next == "" {
							break
						}
					}
					if n < 2000 {
						b.Fatalf("%d listings", n)
					}
				}
			})
		}
	}
}
