// Package shaders holds the fields: light-emitting functions of position and
// time, in Kage, a file each. README.md says what a field may read. It
// compiles nothing; package kage does.
package shaders

import "embed"

// FS holds the fields, NAME.kage each.
//
//go:embed *.kage
var FS embed.FS
