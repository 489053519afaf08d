package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gather/directory"
)

// Crowd is the number of concurrent publishers with which group commit is
// measured. Together they must make at least leastGain times the commits a
// second of one.
const (
	Crowd     = 64
	leastGain = 5
)

// Benchmark measures the commits a second of one writer and of Crowd writers,
// and bulk writes. It fails if Crowd writers make less than leastGain times the
// commits of one.
func Benchmark(b *testing.B, e Engine) {
	var one, many float64
	b.Run("writers=1", func(b *testing.B) { one = commits(b, e, 1) })
	b.Run(fmt.Sprint("writers=", Crowd), func(b *testing.B) { many = commits(b, e, Crowd) })
	if one > 0 && many > 0 && many < leastGain*one {
		b.Errorf("%d writers: %.0f commits/s, one: %.0f: less than %d times", Crowd, many, one, leastGain)
	}
	b.Run("bulk", func(b *testing.B) { bulk(b, e) })
}

// benchStore opens a store for a benchmark.
func benchStore(b *testing.B, e Engine) directory.Store {
	b.Helper()
	s, err := e.Open(b.Context(), e.New(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// commits publishes b.N activities, one a commit.
func commits(b *testing.B, e Engine, writers int) float64 {
	s := benchStore(b, e)
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	start := time.Now()
	for range writers {
		all.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if _, err := s.Commit(b.Context(), writes(activity(fmt.Sprint("a", i), 0, "g"))); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	rate := float64(b.N) / time.Since(start).Seconds()
	b.ReportMetric(rate, "commits/s")
	return rate
}

// bulk writes b.N records, as many in a commit as an import sends.
func bulk(b *testing.B, e Engine) {
	const each = 500
	s := benchStore(b, e)
	b.ResetTimer()
	start := time.Now()
	for from := 0; from < b.N; from += each {
		var rs []directory.Record
		for i := from; i < min(from+each, b.N); i++ {
			rs = append(rs, activity(fmt.Sprint("a", i), 0, fmt.Sprint("g", i%100)))
		}
		if _, err := s.Commit(b.Context(), writes(rs...)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "records/s")
}
