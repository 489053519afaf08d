package oruk

import "context"

// batch is how many entities of a whole list are read and held in memory at once.
const batch = 100

// List is an ordered list of entities that are read when they are needed.
type List struct {
	page func(ctx context.Context, from, size int) (contents []any, total int, err error)
	each func(ctx context.Context, visit func(any) error) error
}

// newList makes the list of what walk visits. load reads the entities, without
// those that are gone by now.
func newList[E any](walk func(visit func(E) bool), load func(context.Context, []E) ([]any, error)) List {
	return List{
		page: func(ctx context.Context, from, size int) ([]any, int, error) {
			var window []E
			total := 0
			walk(func(e E) bool {
				if total >= from && total < from+size {
					window = append(window, e)
				}
				total++
				return true
			})
			contents, err := load(ctx, window)
			return contents, total, err
		},
		each: func(ctx context.Context, visit func(any) error) (err error) {
			var window []E
			flush := func() bool {
				var contents []any
				contents, err = load(ctx, window)
				for i := 0; err == nil && i < len(contents); i++ {
					err = visit(contents[i])
				}
				window = window[:0]
				return err == nil
			}
			walk(func(e E) bool {
				window = append(window, e)
				return len(window) < batch || flush()
			})
			if err == nil {
				flush()
			}
			return err
		},
	}
}

// Page reads one page, number from 1, of size entities.
func (l List) Page(ctx context.Context, number, size int) (Page[any], error) {
	contents, total, err := l.page(ctx, (number-1)*size, size)
	if err != nil {
		return Page[any]{}, err
	}
	if contents == nil {
		contents = []any{}
	}
	pages := (total + size - 1) / size
	return Page[any]{
		TotalItems: total, TotalPages: pages, PageNumber: number, Size: len(contents),
		FirstPage: number == 1, LastPage: number >= pages, Empty: len(contents) == 0, Contents: contents,
	}, nil
}

// Each reads the whole list in batches and calls visit, until visit fails.
func (l List) Each(ctx context.Context, visit func(any) error) error { return l.each(ctx, visit) }

// asIs loads entities that are in memory.
func asIs[T any](_ context.Context, page []T) ([]any, error) {
	out := make([]any, len(page))
	for i, x := range page {
		out[i] = x
	}
	return out, nil
}
