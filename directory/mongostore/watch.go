package mongostore

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// pollEvery is how often the counter is read while the change stream is
	// silent: no write of another process goes unnoticed for longer.
	pollEvery = 500 * time.Millisecond
	// streamRetry is the pause before a change stream is opened again on a
	// server that refused one.
	streamRetry = time.Minute
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

// listen advances the signal until the store closes. It reads the counter at
// least every pollEvery; a change stream, if the server has them, only makes
// that earlier. So nothing is missed if a stream ends, is refused, or has lost
// its history (error 286): the next one starts from now.
func (s *Store) listen() {
	var stream *mongo.ChangeStream
	var retryAt time.Time
	defer func() {
		if stream != nil {
			ctx, cancel := context.WithTimeout(context.Background(), closeTime)
			defer cancel()
			stream.Close(ctx)
		}
	}()
	for s.watch.Err() == nil {
		if stream == nil && time.Now().After(retryAt) {
			var err error
			if stream, err = s.openStream(); err != nil {
				stream, retryAt = nil, time.Now().Add(streamRetry)
			}
		}
		if stream == nil {
			s.pause()
		} else if !s.awaitEvent(stream) {
			stream.Close(s.watch)
			stream, retryAt = nil, time.Now().Add(pollEvery)
		}
		if last, err := s.readLast(s.watch); err == nil {
			s.signal.Advance(last)
		}
	}
}

// openStream opens a change stream on the counter.
func (s *Store) openStream() (*mongo.ChangeStream, error) {
	ctx, cancel := context.WithTimeout(s.watch, readTime)
	defer cancel()
	match := mongo.Pipeline{{{Key: "$match", Value: bson.D{{Key: "documentKey._id", Value: counterID}}}}}
	return s.db.Collection(meta).Watch(ctx, match, options.ChangeStream().SetMaxAwaitTime(pollEvery))
}

// awaitEvent waits up to pollEvery for an event, and reports whether the
// stream is still open.
func (s *Store) awaitEvent(stream *mongo.ChangeStream) bool {
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
