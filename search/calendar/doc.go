// Package calendar answers when sessions take place.
//
// Sessions are computed from schedules when a listing is indexed (Upcoming) and
// packed by minute of the week (Recurrences), so that a search tests a year of a
// weekly class at once (SessionTest). All times are wall clock minutes of London,
// see WallMinutes: questions and schedules mean the clock on the wall.
package calendar
