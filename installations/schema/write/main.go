// Command write writes the JSON Schema of installations and fills the tables
// of docs/installation.md. It runs in the folder installations, by go generate.
package main

import (
	"fmt"
	"os"

	"noctiluca/installations/schema"
)

func main() {
	if err := write(); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func write() error {
	if err := os.WriteFile("installation.schema.json", schema.JSON(), 0o644); err != nil {
		return err
	}
	const file = "../docs/installation.md"
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	filled, err := schema.Fill(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, []byte(filled), 0o644)
}
