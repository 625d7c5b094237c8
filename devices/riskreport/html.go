package riskreport

import (
	"fmt"
	"html/template"
	"io"
	"strings"
)

// WriteHTML writes the report as one page that needs nothing else.
func (r *Report) WriteHTML(w io.Writer) error { return page.Execute(w, r) }

// Plots are the curves as SVG.
func (r *Report) Plots() []template.HTML {
	var out []template.HTML
	for _, p := range r.plots() {
		out = append(out, template.HTML(p.svg(r.Length.Seconds())))
	}
	return out
}

// Shown are the events that the page lists.
func (r *Report) Shown() []string {
	var out []string
	for i := range r.Events {
		if i == listed {
			return append(out, fmt.Sprintf("and %d more", len(r.Events)-listed))
		}
		out = append(out, r.Events[i].String())
	}
	return out
}

// listed is how many events a report lists.
const listed = 200

func (p *plot) svg(seconds float64) string {
	const width, height = 720.0, 120.0
	var b strings.Builder
	fmt.Fprintf(&b, `<figure><figcaption>%s <span>%s</span></figcaption><svg viewBox="-46 -8 780 150" role="img" aria-label="%s">`, template.HTMLEscapeString(p.Title), template.HTMLEscapeString(p.Most), template.HTMLEscapeString(p.Title+", "+p.Most))
	for _, k := range []float64{0, 0.5, 1} {
		y := height * (1 - k)
		fmt.Fprintf(&b, `<line class="grid" x1="0" y1="%.1f" x2="%.0f" y2="%.1f"/><text x="-6" y="%.1f" text-anchor="end">%s</text>`, y, width, y, y+4, figure(p.Top*k))
	}
	for _, k := range []float64{0, 0.25, 0.5, 0.75, 1} {
		fmt.Fprintf(&b, `<text x="%.0f" y="%.0f" text-anchor="middle">%s s</text>`, width*k, height+16, figure(seconds*k))
	}
	if p.Limit > 0 {
		y := height * (1 - p.Limit/p.Top)
		fmt.Fprintf(&b, `<line class="limit" x1="0" y1="%.1f" x2="%.0f" y2="%.1f"/><text class="limit" x="%.0f" y="%.1f" text-anchor="end">limit %s</text>`, y, width, y, width, y-3, figure(p.Limit))
	}
	xs, ys := p.points(width, height, 720)
	b.WriteString(`<polyline points="`)
	for i := range xs {
		fmt.Fprintf(&b, "%.1f,%.1f ", xs[i], ys[i])
	}
	b.WriteString(`"/></svg></figure>`)
	return b.String()
}

var page = template.Must(template.New("report").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Light safety: {{.Title}}</title>
<style>
body{font:15px/1.45 system-ui,sans-serif;max-width:820px;margin:2em auto;padding:0 1em;color:#1b2320;background:#fff}
h1{font-size:1.5em;margin-bottom:.1em}h2{font-size:1.1em;margin-top:1.8em;border-bottom:1px solid #cbd5d0}
table{border-collapse:collapse;width:100%}td{padding:.25em .8em .25em 0;vertical-align:top;border-bottom:1px solid #eef2f0}
td:first-child{width:34%}td:last-child{color:#5a6a63;font-size:.85em}
.off{background:#b3261e;color:#fff;padding:.6em 1em;margin:.4em 0}.sub{color:#5a6a63}
figure{margin:1em 0}figcaption{font-weight:600;font-size:.9em}figcaption span{font-weight:400;color:#5a6a63}
svg{width:100%;height:auto}svg text{font-size:10px;fill:#5a6a63}.grid{stroke:#dfe7e3}polyline{fill:none;stroke:#0b6e5b;stroke-width:1.4}
line.limit{stroke:#b3261e;stroke-dasharray:5 4}text.limit{fill:#b3261e}li{margin:.15em 0}
@media print{body{margin:0;max-width:none}}
</style></head><body>
<h1>Light safety: {{.Title}}</h1>
<p class="sub">{{.Name}}, {{.File}} · {{.Pixels}} pixels on {{.Fixtures}} fixtures, {{.Rate}} frames a second · Noctiluca {{.Program}}</p>
{{range .Off}}<p class="off">The limit <b>{{.Limit}}</b> is OFF: {{.Reason}}</p>{{end}}
<h2>What it did</h2><table>{{range .Outcome}}<tr><td>{{.What}}</td><td>{{.Value}}</td><td>{{.Source}}</td></tr>{{end}}</table>
{{range .Plots}}{{.}}{{end}}
<h2>What it is held to</h2><table>{{range .Limits}}<tr><td>{{.What}}</td><td>{{.Value}}</td><td>{{.Source}}</td></tr>{{end}}</table>
<h2>What was limited where</h2>{{with .Shown}}<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>{{else}}<p>Nothing: no limit had to act.</p>{{end}}
<h2>Power</h2><table>{{range .Supplies}}<tr><td>{{.What}}</td><td>{{.Value}}</td><td></td></tr>{{end}}</table>
<h2>When it fails</h2>{{with .Failures}}<table>{{range .}}<tr><td>{{.What}}</td><td>{{.Value}}</td><td></td></tr>{{end}}</table>{{else}}<p>There are no outputs.</p>{{end}}
<h2>To look at</h2>{{with .Remarks}}<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>{{else}}<p>Nothing.</p>{{end}}
<h2>What was assumed</h2><ul>{{range .Assumed}}<li>{{.}}</li>{{end}}</ul>
</body></html>
`))
