package main

// What each command is used for, at the end of its --help. The lines are run
// through the grammar by a test.

func (previewCommand) Help() string {
	return `Examples:

    noctiluca preview forest --crowd 7
    noctiluca preview tide --scene red-tide --crowd 5 --crowd-mood split
    noctiluca preview ./my-work --no-send              look, and send nothing
    noctiluca preview forest --crowd 7 --screenshot forest.png --at 63
    noctiluca preview forest --crowd 7 --record forest.mp4 --seconds 30 --turn 3

? in the window shows its keys.`
}

func (runCommand) Help() string {
	return `Examples:

    noctiluca run forest --crowd 7 --no-send           try it with simulated people
    noctiluca run ./my-work --show evening.yaml --log-events evening.jsonl
    noctiluca run ./my-work --osc 0.0.0.0:9000         signals from the network
    noctiluca run ./my-work --control 0.0.0.0:9001 --query 0.0.0.0:9002

A line a second says how it goes; Ctrl-C ends it and leaves everything dark.`
}

func (renderCommand) Help() string {
	return `Examples:

    noctiluca render forest --seconds 60 --out forest.png
    noctiluca render forest --seconds 600 --out show.fseq
    noctiluca render --events evening.jsonl --out evening.fseq
    noctiluca render forest --seed 7                   only the hash of the frames

The same installation, seed and events give the same bytes on every machine.`
}

func (recordCommand) Help() string {
	return `Examples:

    noctiluca record forest --for 2h --out evening.fseq
    noctiluca record ./my-work --step 25 --media song.mp3 --out show.fseq`
}

func (playCommand) Help() string {
	return `Examples:

    noctiluca play show.fseq
    noctiluca play show.fseq evening.fseq --loop -i ./my-work
    noctiluca play show.fseq --hours sunset-15m..23:30 --place 48.137,11.575
    noctiluca play xlights.fseq -i ./my-work --channel north=1 --channel south=2041 --universe 512`
}

func (checkCommand) Help() string {
	return `Examples:

    noctiluca check forest
    noctiluca check ./my-work

What is wrong is named with file, line and column, and ends it with code 2.`
}

func (importCommand) Help() string {
	return `Examples:

    noctiluca import show/xlights_rgbeffects.xml -o my-work
    noctiluca import tree.xmodel
    noctiluca import layout.json --up y
    noctiluca import strips.svg --unit mm --pitch 0.0166`
}

func (exportCommand) Help() string {
	return `Examples:

    noctiluca export forest -o pixels.csv
    noctiluca export forest -o map.svg
    noctiluca export forest --as fpp -o model-overlays.json
    noctiluca export forest --as opc -o layout.json`
}

func (wiringCommand) Help() string {
	return `Examples:

    noctiluca wiring forest                            writes wiring.pdf
    noctiluca wiring ./my-work --loss 5 -o wiring.svg`
}

func (sendCommand) Help() string {
	return `Examples:

    noctiluca send emotibit.csv --agreed
    noctiluca send recording.xdf --to 192.168.1.20:9000 --agreed
    noctiluca send pulse.csv --column 0=ppg --rate 100 --agreed`
}

func (auditCommand) Help() string {
	return `Examples:

    noctiluca run forest --audit audit.log             writes one
    noctiluca audit audit.log                          checks it`
}

func (calibrateCommand) Help() string {
	return `Examples:

    noctiluca calibrate ./my-work
    noctiluca calibrate ./my-work --out profiles --agreed
    noctiluca run ./my-work --profile profiles/wearer.profile.json`
}

func (monitorCommand) Help() string {
	return `Examples:

    noctiluca monitor                                  all that is sent to this machine
    noctiluca monitor --universes 1,2,3                and these of sACN's multicast
    noctiluca monitor --others --listen 192.168.1.20
    noctiluca monitor --once                           for a script`
}

func (midiListCommand) Help() string {
	return `Examples:

    noctiluca midi list`
}

func (midiMonitorCommand) Help() string {
	return `Examples:

    noctiluca midi monitor`
}

func (midiLearnCommand) Help() string {
	return `Examples:

    noctiluca midi learn /master/hue
    noctiluca midi learn go ./my-work
    noctiluca midi learn /channel/2/level ./my-work --takeover scale`
}

func (midiMapCommand) Help() string {
	return `Examples:

    noctiluca midi map forest
    noctiluca midi map ./my-work --device nanoKONTROL2`
}

func (shaderCheckCommand) Help() string {
	return `Examples:

    noctiluca shader check my.kage
    noctiluca shader check forest-canopy               a shipped one`
}

func (shaderBenchCommand) Help() string {
	return `Examples:

    noctiluca shader bench my.kage
    noctiluca shader bench forest-canopy --points 20000`
}

func (shaderFmtCommand) Help() string {
	return `Examples:

    noctiluca shader fmt my.kage
    noctiluca shader fmt --check my.kage other.kage`
}

func (shaderDumpCommand) Help() string {
	return `Examples:

    noctiluca shader dump my.kage`
}

func (benchLatencyCommand) Help() string {
	return `Examples:

    noctiluca bench latency                            some half a minute
    noctiluca bench latency ./my-work --messages 1000`
}

func (organismsCommand) Help() string {
	return `Examples:

    noctiluca organisms
    noctiluca organisms photinus-carolinus
    noctiluca organisms photinus-carolinus --plot firefly.svg`
}

func (discoverCommand) Help() string {
	return `Examples:

    noctiluca discover
    noctiluca discover --interface eth1
    noctiluca discover --json --for 4s`
}

func (testPatternCommand) Help() string {
	return `Examples:

    noctiluca test-pattern ./my-work                   all breathe in white
    noctiluca test-pattern ./my-work --pattern chase --fixture oak
    noctiluca test-pattern ./my-work --pattern rgb --output canopy-west --for 30s`
}

func (completionCommand) Help() string {
	return `Examples:

    noctiluca completion bash > ~/.local/share/bash-completion/completions/noctiluca
    noctiluca completion zsh > ~/.zfunc/_noctiluca     where fpath has ~/.zfunc
    noctiluca completion fish > ~/.config/fish/completions/noctiluca.fish`
}

func (safetyReportCommand) Help() string {
	return `Examples:

    noctiluca safety report forest
    noctiluca safety report ./my-work show.fseq --for 1h
    noctiluca safety report ./my-work --when 2026-06-21T22:00 --out night`
}

func (benchPixelsCommand) Help() string {
	return `Examples:

    noctiluca bench pixels
    noctiluca bench pixels tide --layer floor --pixels 200000 --workers 4`
}
