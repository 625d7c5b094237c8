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
	name, help string   // name is that of a sub-command with its command's: midi list
	subs       []string // commands under it
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
	var all func(under string, nodes []*kong.Node)
	all = func(under string, nodes []*kong.Node) {
		for _, node := range nodes {
			if node.Hidden {
				continue
			}
			c := command{name: under + node.Name, help: node.Help}
			for _, group := range [][]*kong.Flag{model.Flags, node.Flags} {
				for _, f := range group {
					if f.Hidden {
						continue
					}
					c.flags = append(c.flags, flag{name: f.Name, help: f.Help, value: !f.IsBool()})
					if f.Tag.Negatable != "" {
						c.flags = append(c.flags, flag{name: "no-" + f.Name, help: "Not: " + f.Help})
					}
				}
			}
			for _, sub := range node.Children {
				if sub.Type == kong.CommandNode && !sub.Hidden {
					c.subs = append(c.subs, sub.Name)
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
			all(c.name+" ", node.Children)
		}
	}
	all("", model.Children)
	return cs
}

func bash(w io.Writer, name string, cs []command) error {
	var b strings.Builder
	fn := "_" + strings.ReplaceAll(name, "-", "_")
	fmt.Fprintf(&b, "%s() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\" files=\"\"\n  COMPREPLY=()\n", fn)
	fmt.Fprintf(&b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"")
	parents := ""
	for _, c := range cs {
		if !strings.Contains(c.name, " ") {
			fmt.Fprintf(&b, "%s ", c.name)
		}
		if len(c.subs) > 0 {
			parents += "|" + c.name
		}
	}
	fmt.Fprintf(&b, "--help --version\"\n  else\n    local of=\"${COMP_WORDS[1]}\"\n")
	if parents != "" {
		fmt.Fprintf(&b, "    case \"$of\" in %s) [ \"$COMP_CWORD\" -gt 2 ] && of+=\" ${COMP_WORDS[2]}\" ;; esac\n", parents[1:])
	}
	fmt.Fprintf(&b, "    case \"$of\" in\n")
	for _, c := range cs {
		fmt.Fprintf(&b, "      %q) words=\"", c.name)
		for _, x := range append(c.subs, c.words...) {
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
		parent, last, nested := strings.Cut(c.name, " ")
		when := "__fish_seen_subcommand_from " + parent
		if nested {
			// The name of the one, and no name of its sisters yet.
			fmt.Fprintf(&b, "complete -c %s -n %s -f -a %s -d %s\n", name, quote(when+"; and not __fish_seen_subcommand_from "+strings.Join(sisters(cs, parent), " ")), last, quote(c.help))
			when += "; and __fish_seen_subcommand_from " + last
		} else {
			fmt.Fprintf(&b, "complete -c %s -n __fish_use_subcommand -f -a %s -d %s\n", name, c.name, quote(c.help))
		}
		cond := quote(when)
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

// sisters are the commands under one.
func sisters(cs []command, parent string) []string {
	for _, c := range cs {
		if c.name == parent {
			return c.subs
		}
	}
	return nil
}

// quote writes s in single quotes, as fish reads them.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
