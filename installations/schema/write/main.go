// Command write writes the JSON Schemas of installations and shows, and fills
// the tables of docs/installation.md and docs/show.md. It runs in the folder installations, by go generate.
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
	for file, schema := range map[string][]byte{"installation.schema.json": schema.JSON(), "show.schema.json": schema.ShowJSON()} {
		if err := os.WriteFile(file, schema, 0o644); err != nil {
			return err
		}
	}
	for file, fill := range map[string]func(string) (string, error){"../docs/installation.md": schema.Fill, "../docs/show.md": schema.FillShow} {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		filled, err := fill(string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(file, []byte(filled), 0o644); err != nil {
			return err
		}
	}
	return nil
}
