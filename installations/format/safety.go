package format

import "noctiluca/installations/document"

// Safety is what the light may not do. docs/safety.md says what each limit
// is and where it comes from. With nothing given all limits of flashes hold,
// with the assumptions that the report lists.
type Safety struct {
	document.Object
	Places   []Viewer  `key:"places" items:"0,8" doc:"Where people stand and look around. Left out: the cells, or else a place in front."`
	Surround Surround  `key:"surround" doc:"What the light falls on."`
	Glare    Glare     `key:"glare" doc:"What one light may do to eyes that are close."`
	Watts    float64   `key:"watts" default:"0" range:"[0,10000000]" unit:"W" doc:"The most that all LEDs together may draw, whatever their supplies. 0: no such limit."`
	Where    Where     `key:"where" doc:"Where on Earth it stands, for the sun and the clock."`
	Preset   string    `key:"preset" oneof:"darksky" doc:"darksky: curfews made of DarkSky's five principles; it needs where."`
	Curfews  []Curfew  `key:"curfews" items:"0,32" doc:"Times at which less light is allowed. Where several hold, the strictest does."`
	Failure  Failure   `key:"failure" doc:"What is left of the light when the program ends or falls silent."`
	Off      []Disable `key:"off" items:"0,8" doc:"Limits that are turned off. Each is shown and logged every minute."`
}

// Viewer is a place from which people look.
type Viewer struct {
	document.Object
	Name string     `key:"name" need:"yes" name:"yes" doc:"For reports and messages."`
	At   [3]float64 `key:"at" need:"yes" range:"[-10000,10000]" unit:"m" doc:"Where the eyes are: y is their height, not the floor's."`
	Near float64    `key:"near" default:"0.5" range:"[0.05,100]" unit:"m" doc:"The least distance of eyes to a light that is reckoned with."`
}

// Surround is what the light falls on.
type Surround struct {
	document.Object
	Area        float64 `key:"area" default:"0" range:"[0,100000000]" unit:"m²" doc:"Of walls, ground, ceiling or trees. 0: of a box around all pixels, 1 m larger on each side."`
	Reflectance float64 `key:"reflectance" default:"0.5" range:"[0,0.95]" doc:"Share of the light that they throw back, diffusely: white walls 0.8, ground and leaves 0.2."`
}

// Glare is the cap on luminance.
type Glare struct {
	document.Object
	Luminance float64 `key:"luminance" default:"10000" range:"(0,10000000]" unit:"cd/m²" doc:"The most of any light, with all its pixel's light spread to its neighbours. 10000 is where IEC TR 62778 sees no more than risk group 1 of any white light."`
	Blue      float64 `key:"blue" default:"100" range:"(0,4000000]" unit:"W/m²/sr" doc:"The most blue-light weighted radiance of any light: 100 is the exempt group of IEC 62471, 10000 risk group 1."`
}

// Where is a place on Earth.
type Where struct {
	document.Object
	Latitude  float64 `key:"latitude" need:"yes" range:"[-90,90]" unit:"degrees" doc:"North is positive."`
	Longitude float64 `key:"longitude" need:"yes" range:"[-180,180]" unit:"degrees" doc:"East is positive."`
	Zone      string  `key:"zone" default:"UTC" doc:"Time zone of the IANA database, e.g. Europe/Berlin."`
}

// Curfew is a rule of the night.
type Curfew struct {
	document.Object
	Name      string   `key:"name" need:"yes" name:"yes" doc:"For reports and messages."`
	From      string   `key:"from" need:"yes" doc:"When it begins: 22:30, sunset, sunrise, or dusk and dawn, which are civil, nautical or astronomical; with an offset or without: sunset+00:30, nautical dusk."`
	To        string   `key:"to" need:"yes" doc:"When it ends, the next time that this comes."`
	Dates     []string `key:"dates" items:"0,16" doc:"Days of the year on which it begins, as 03-15..07-31; a breeding or migration season. Left out: every day."`
	Level     float64  `key:"level" default:"1" range:"[0,1]" doc:"All light is multiplied by this; 0 is dark."`
	Luminance float64  `key:"luminance" default:"10000000" range:"[0,10000000]" unit:"cd/m²" doc:"The most of any light."`
	Melanopic float64  `key:"melanopic" default:"100" range:"[0.01,100]" doc:"The most melanopic content, as the ratio to daylight of the same luminance (CIE S 026, melanopic DER): candle light 0.3, 2700 K 0.45, amber 0.1."`
	Fade      float64  `key:"fade" default:"600" range:"[0,7200]" unit:"s" doc:"How long it takes to come and to go, before its time and after."`
}

// Failure is what the light does when there is no program.
type Failure struct {
	document.Object
	Stop   string     `key:"stop" default:"fade" oneof:"dark fade hold scene" doc:"What the end of the program leaves: dark at once, dark after fading, the last frame, or a safe scene."`
	Fade   float64    `key:"fade" default:"1.5" range:"[0,60]" unit:"s" doc:"How long the fade takes."`
	Lost   string     `key:"lost" default:"dark" oneof:"dark hold scene" doc:"What controllers are told to do when the program crashes or the machine does, as far as their protocol knows of it."`
	After  float64    `key:"after" default:"3" range:"[1,254]" unit:"s" doc:"How long controllers that can be told wait for the next frame."`
	Colour [3]float64 `key:"colour" range:"[0,1]" doc:"Of the safe scene: linear red, green and blue of every pixel, e.g. a low white by which people find the way out. Default [0, 0, 0]."`
}

// Disable turns a limit off.
type Disable struct {
	document.Object
	Limit  string `key:"limit" need:"yes" oneof:"flash power glare curfew" doc:"Which."`
	Reason string `key:"reason" need:"yes" doc:"Why, and who answers for it. It is shown and logged."`
}

// Feed is where current enters a fixture.
type Feed struct {
	document.Object
	At      float64 `key:"at" default:"0" range:"[0,1]" doc:"Where along the fixture's wire: 0 its first pixel, 1 its last. Each pixel is fed from the nearest feed."`
	Fuse    float64 `key:"fuse" default:"0" range:"[0,1000]" unit:"A" doc:"Its fuse; light is dimmed to stay under it. 0: none."`
	Cable   float64 `key:"cable" default:"0" range:"[0,1000]" unit:"m" doc:"Length of the cable from the supply, one way."`
	Section float64 `key:"section" default:"1.5" range:"[0.05,240]" unit:"mm²" doc:"Of one of its two copper wires."`
}
