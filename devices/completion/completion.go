// Package completion writes a shell's completion script from the command
// line's own grammar, so that the two cannot disagree.
package completion

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Shells lists the shells there are scripts for.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// command is what a shell needs to know of one command.
type command struct {
	name, help string
	flags      []flag
	words      []string // what may stand as its argument, beside files
	files      bool
}

type flag struct {
	name, help string
	value      bool
}

// Write writes the script of a shell. words gives what can stand as the
// argument of a name: "installation" for a positional of that name.
func Write(w io.Writer, shell string, model *kong.Application, words map[string][]string) error {
	cs := read(model, words)
	switch shell {
	case "bash":
		return bash(w, model.Name, cs)
	case "zsh":
		// zsh runs the same words through its own completion of bash scripts.
		if _, err := fmt.Fprintf(w, "#compdef %s\nautoload -U +X bashcompinit && bashcompinit\n", model.Name); err != nil {
			return err
		}
		return bash(w, model.Name, cs)
	case "fish":
		return fish(w, model.Name, cs)
	}
	return fmt.Errorf("shell %q: expected one of %s", shell, strings.Join(Shells(), ", "))
}

func read(model *kong.Application, words map[string][]string) []command {
	var cs []command
	for _, node := range model.Children {
		if node.Hidden {
			continue
		}
		c := command{name: node.Name, help: node.Help}
		for _, group := range [][]*kong.Flag{model.Flags, node.Flags} {
			for _, f := range group {
				if !f.Hidden {
					c.flags = append(c.flags, flag{name: f.Name, help: f.Help, value: !f.IsBool()})
				}
			}
		}
		for _, p := range node.Positional {
			c.files = true
			c.words = append(c.words, words[p.Name]...)
			if p.Enum != "" {
				c.files = false
				c.words = append(c.words, strings.Split(p.Enum, ",")...)
			}
		}
		cs = append(cs, c)
	}
	return cs
}

func bash(w io.Writer, name string, cs []command) error {
	var b strings.Builder
	fn := "_" + strings.ReplaceAll(name, "-", "_")
	fmt.Fprintf(&b, "%s() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\" files=\"\"\n  COMPREPLY=()\n", fn)
	fmt.Fprintf(&b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"")
	for _, c := range cs {
		fmt.Fprintf(&b, "%s ", c.name)
	}
	fmt.Fprintf(&b, "--help --version\"\n  else\n    case \"${COMP_WORDS[1]}\" in\n")
	for _, c := range cs {
		fmt.Fprintf(&b, "      %s) words=\"", c.name)
		for _, x := range c.words {
			fmt.Fprintf(&b, "%s ", x)
		}
		for _, f := range c.flags {
			fmt.Fprintf(&b, "--%s ", f.name)
		}
		fmt.Fprintf(&b, "\"")
		if c.files {
			fmt.Fprintf(&b, " files=yes")
		}
		fmt.Fprintf(&b, " ;;\n")
	}
	fmt.Fprintf(&b, "    esac\n  fi\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n")
	fmt.Fprintf(&b, "  case \"$cur\" in -*) ;; *) [ -n \"$files\" ] && COMPREPLY+=($(compgen -f -- \"$cur\")) ;; esac\n}\n")
	fmt.Fprintf(&b, "complete -o filenames -F %s %s\n", fn, name)
	_, err := io.WriteString(w, b.String())
	return err
}

func fish(w io.Writer, name string, cs []command) error {
	var b strings.Builder
	for _, c := range cs {
		fmt.Fprintf(&b, "complete -c %s -n __fish_use_subcommand -f -a %s -d %s\n", name, c.name, quote(c.help))
		cond := quote("__fish_seen_subcommand_from " + c.name)
		for _, x := range c.words {
			fmt.Fprintf(&b, "complete -c %s -n %s -a %s\n", name, cond, x)
		}
		if !c.files {
			fmt.Fprintf(&b, "complete -c %s -n %s -f\n", name, cond)
		}
		for _, f := range c.flags {
			value := ""
			if f.value {
				value = " -r"
			}
			fmt.Fprintf(&b, "complete -c %s -n %s -l %s%s -d %s\n", name, cond, f.name, value, quote(f.help))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// quote writes s in single quotes, as fish reads them.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
