package mongostore

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// pollEvery is how often the counter is read while nothing is heard: what
	// another process wrote is found after that long at the latest.
	pollEvery = 500 * time.Millisecond
	// streamAgain is how long a server that gave no change stream is left
	// alone before it is asked again.
	streamAgain = time.Minute
)

// Wait returns once Last may be greater than after: at once for writes of
// this process, and within about half a second for those of others.
func (s *Store) Wait(ctx context.Context, after int64) error {
	leave, err := s.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	s.watching.Do(func() { s.watcher.Go(s.listen) })
	return s.signal.Wait(ctx, s.gate.Closing(), after)
}

// listen moves the signal until the store closes. The counter is the truth,
// read every pollEvery; a change stream, where there is one, only makes it
// earlier. So a stream that ends, is refused, or has lost its history (286)
// costs nothing but time: the next one starts from now.
func (s *Store) listen() {
	var stream *mongo.ChangeStream
	var notBefore time.Time
	defer func() {
		if stream != nil {
			ctx, cancel := context.WithTimeout(context.Background(), closeTime)
			defer cancel()
			stream.Close(ctx)
		}
	}()
	for s.watch.Err() == nil {
		if stream == nil && time.Now().After(notBefore) {
			var err error
			if stream, err = s.openStream(); err != nil {
				stream, notBefore = nil, time.Now().Add(streamAgain)
			}
		}
		if stream == nil {
			s.pause()
		} else if !s.hear(stream) {
			stream.Close(s.watch)
			stream, notBefore = nil, time.Now().Add(pollEvery)
		}
		if last, err := s.readLast(s.watch); err == nil {
			s.signal.Advance(last)
		}
	}
}

// openStream watches the counter.
func (s *Store) openStream() (*mongo.ChangeStream, error) {
	ctx, cancel := context.WithTimeout(s.watch, readTime)
	defer cancel()
	match := mongo.Pipeline{{{Key: "$match", Value: bson.D{{Key: "documentKey._id", Value: counterID}}}}}
	return s.db.Collection(meta).Watch(ctx, match, options.ChangeStream().SetMaxAwaitTime(pollEvery))
}

// hear waits up to pollEvery for the stream to tell of a write, and reports
// whether it goes on.
func (s *Store) hear(stream *mongo.ChangeStream) bool {
	ctx, cancel := context.WithTimeout(s.watch, readTime)
	defer cancel()
	stream.TryNext(ctx)
	return stream.Err() == nil && stream.ID() != 0
}

func (s *Store) pause() {
	timer := time.NewTimer(pollEvery)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.watch.Done():
	}
}
