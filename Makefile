# make run   builds, and plays the forest with a simulated crowd
# make test  runs all tests
# The other targets are listed by `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
export CGO_ENABLED := 0

GO       ?= go
BUILD    := build
PROGRAM  := $(BUILD)/noctiluca
VERSION  := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
LDFLAGS  := -s -w -X main.version=$(VERSION)
FUZZTIME ?= 10m
# The window's tests need a display; a virtual one serves where there is none.
DISPLAYED := $(if $(DISPLAY),,$(if $(shell command -v xvfb-run),LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a -s "-screen 0 1280x720x24"))

.PHONY: references faults flood films scenes models all run test vet build venue windows arm64 fuzz fuzz-short bench load generate screenshots race clean help

all: build

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: build ## build, and play the forest with a simulated crowd
	$(PROGRAM) preview forest --crowd 7 --crowd-gain 0.4 --or-run

build: ## the program, with its window
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(PROGRAM) .

test: build ## all tests; what is missing for one is named
	$(GO) vet ./...
	@mkdir -p $(BUILD)
	@$(DISPLAYED) $(GO) test -v -timeout 14m ./... > $(BUILD)/test.log 2>&1; status=$$?; \
	  grep -E '^(ok|FAIL|panic:|\?)' $(BUILD)/test.log; \
	  if [ $$status -ne 0 ]; then \
	    echo; echo 'What failed:'; grep -E -B40 '^ *--- FAIL' $(BUILD)/test.log | tail -n 200; \
	    echo "All of it is in $(BUILD)/test.log."; fi; \
	  if grep -qE '^ *--- SKIP' $(BUILD)/test.log; then \
	    echo; echo 'Skipped, for want of something:'; grep -E -A1 '^ *--- SKIP' $(BUILD)/test.log | grep -v '^--$$'; fi; \
	  exit $$status

# Each of the other systems takes a minute or two of its own the first time, as
# all it imports is compiled for it; then seconds.
vet: ## go vet, for Linux, Windows, macOS and the venue program
	$(GO) vet ./...
	GOOS=windows $(GO) vet ./...
	GOOS=darwin $(GO) vet ./...
	$(GO) vet -tags venue ./...

venue: ## the program without a window, static, for linux/amd64 and linux/arm64
	GOOS=linux GOARCH=amd64 $(GO) build -trimpath -tags venue -ldflags '$(LDFLAGS)' -o $(BUILD)/noctiluca-venue-amd64 .
	GOOS=linux GOARCH=arm64 $(GO) build -trimpath -tags venue -ldflags '$(LDFLAGS)' -o $(BUILD)/noctiluca-venue-arm64 .

# MIDI on Windows is RtMidi, in C++, so this one needs a C++ compiler for it.
# Its libraries are linked in: the program is one file.
windows: ## the program for Windows, with its window and MIDI (needs MinGW-w64)
	@command -v x86_64-w64-mingw32-g++ > /dev/null || { echo 'make windows needs x86_64-w64-mingw32-g++ (Debian: g++-mingw-w64-x86-64).'; exit 1; }
	GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc CXX=x86_64-w64-mingw32-g++ \
	  $(GO) build -trimpath -ldflags '$(LDFLAGS) -extldflags=-static' -o $(BUILD)/noctiluca.exe .

# The same frames on another processor, by emulation: needs qemu-user-static.
ARM_SECONDS ?= 2
arm64: venue ## render every shipped scene on amd64 and on an emulated arm64, and compare
	@command -v qemu-aarch64-static > /dev/null || { echo 'make arm64 needs qemu-aarch64-static (Debian: qemu-user-static).'; exit 1; }
	@for i in $$(ls -d installations/*/installation.yaml | cut -d/ -f2); do \
	  for s in $$(grep -B1 '^    layers:' installations/$$i/installation.yaml | sed -n 's/^  - name: //p'); do \
	    c="render $$i --scene $$s --seconds $(ARM_SECONDS) --seed 7 --crowd 5 --out /dev/null"; \
	    a=$$($(BUILD)/noctiluca-venue-amd64 $$c 2>/dev/null | grep -oiE 'sha-256 [0-9a-f]{64}'); \
	    b=$$(qemu-aarch64-static $(BUILD)/noctiluca-venue-arm64 $$c 2>/dev/null | grep -oiE 'sha-256 [0-9a-f]{64}'); \
	    if [ -n "$$a" ] && [ "$$a" = "$$b" ]; then echo "$$i $$s: the same, $$a"; else echo "$$i $$s: amd64 $$a, arm64 $$b: the frames differ."; exit 1; fi; \
	  done; done

# The pictures of the documentation.
SHOT := $(if $(DISPLAY),,LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a -s "-screen 0 1280x720x24") $(PROGRAM) preview forest --size 1280x720
SCENE := $(if $(DISPLAY),,LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a -s "-screen 0 1280x720x24") $(PROGRAM) preview --size 960x540
screenshots: build scenes ## the pictures in docs/pictures (needs a display, or Xvfb; ffmpeg)
	@mkdir -p docs/pictures
	$(SHOT) --crowd 7 --at 63 --screenshot docs/pictures/forest.png
	$(SHOT) --crowd 0 --at 20 --screenshot docs/pictures/forest-asleep.png
	$(SHOT) --crowd 7 --at 40 --overlay --screenshot docs/pictures/forest-overlay.png
	$(SHOT) --crowd 7 --at 40 --overlay --view map --pixel 400 --screenshot docs/pictures/forest-map.png
	$(SCENE) forest --scene breath --crowd 5 --at 40 --screenshot docs/pictures/forest-breath.png
	$(SCENE) forest --scene fungi --crowd 3 --at 60 --screenshot docs/pictures/forest-fungi.png
	$(SCENE) tide --crowd 4 --at 20 --screenshot docs/pictures/tide-swell.png
	$(SCENE) cave --crowd 1 --at 30 --screenshot docs/pictures/cave-still.png
	$(SCENE) commons --crowd 6 --at 20 --screenshot docs/pictures/commons-rhythm.png
	$(SCENE) commons --scene reef --crowd 4 --at 120 --screenshot docs/pictures/commons-reef.png
	$(PROGRAM) organisms photinus-carolinus --plot docs/pictures/photinus-carolinus.png

# Every scene in the four states that docs/scenes.md shows, a palette of 256
# colours each so that all of them together stay small.
SCENE_AT ?= 61.3
SMALL := $(if $(DISPLAY),,LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a -s "-screen 0 1280x720x24") $(PROGRAM) preview --size 640x360 --no-send --osc off --no-midi
scenes: build ## the pictures of docs/scenes.md alone (needs a display, or Xvfb; ffmpeg)
	@command -v ffmpeg > /dev/null || { echo 'make scenes needs ffmpeg.'; exit 1; }
	@mkdir -p $(BUILD)/scenes docs/pictures/scenes
	@for i in $$(ls -d installations/*/installation.yaml | cut -d/ -f2); do \
	  for s in $$(grep -B1 '^    layers:' installations/$$i/installation.yaml | sed -n 's/^  - name: //p'); do \
	    for state in 'rest 0 mixed' 'one 1 mixed' 'tune 6 tune' 'split 6 split'; do \
	      set -- $$state; f=$$i-$$s-$$1.png; \
	      $(SMALL) $$i --scene $$s --crowd $$2 --crowd-mood $$3 --at $(SCENE_AT) --screenshot $(BUILD)/scenes/$$f > /dev/null && \
	      ffmpeg -v error -y -i $(BUILD)/scenes/$$f -frames:v 1 -vf 'split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=bayer:bayer_scale=5' docs/pictures/scenes/$$f || exit 1; \
	      echo docs/pictures/scenes/$$f; \
	    done; \
	  done; \
	done

# Films of every scene in its four states, in build/films: each by itself; a
# contact sheet of each scene, a row a state; and for docs/scenes.md the four
# states of a scene side by side in one small animation.
FILM_SECONDS ?= 4
FILM_FPS ?= 12
FILM_SCENES ?= $(shell for i in installations/*/installation.yaml; do for s in $$(grep -B1 '^    layers:' $$i | sed -n 's/^  - name: //p'); do echo $$(basename $$(dirname $$i)):$$s; done; done)
films: build ## short films of every shipped scene: at rest, with one person, in tune and split (needs ffmpeg)
	@command -v ffmpeg > /dev/null || { echo 'make films needs ffmpeg.'; exit 1; }
	@mkdir -p $(BUILD)/films docs/pictures/films
	@for is in $(FILM_SCENES); do \
	  i=$${is%:*}; s=$${is#*:}; f=$(BUILD)/films/$$i-$$s; in=; \
	  for state in 'rest 0 mixed' 'one 1 mixed' 'tune 6 tune' 'split 6 split'; do \
	    set -- $$state; \
	    $(SMALL) $$i --scene $$s --crowd $$2 --crowd-mood $$3 --at $(SCENE_AT) --seconds $(FILM_SECONDS) --fps $(FILM_FPS) --record $$f-$$1.mp4 > /dev/null || exit 1; \
	    in="$$in -i $$f-$$1.mp4"; \
	  done; \
	  n=$$(( $(FILM_SECONDS) * $(FILM_FPS) / 8 )); \
	  ffmpeg -v error -y $$in -filter_complex "[0]select=not(mod(n\,$$n)),scale=240:-1,tile=8x1[a];[1]select=not(mod(n\,$$n)),scale=240:-1,tile=8x1[b];[2]select=not(mod(n\,$$n)),scale=240:-1,tile=8x1[c];[3]select=not(mod(n\,$$n)),scale=240:-1,tile=8x1[d];[a][b][c][d]vstack=4" -frames:v 1 $$f-sheet.png && \
	  ffmpeg -v error -y $$in -filter_complex "[0]scale=320:-1[a];[1]scale=320:-1[b];[2]scale=320:-1[c];[3]scale=320:-1[d];[a][b][c][d]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0" -c:v libwebp_anim -q:v $(FILM_QUALITY) -compression_level 6 -loop 0 docs/pictures/films/$$i-$$s.webp || exit 1; \
	  echo "docs/pictures/films/$$i-$$s.webp, $$f-sheet.png"; \
	done
FILM_QUALITY ?= 40

# Every fuzz target, one after another: package:Target.
fuzz: ## fuzz every decoder and reader, FUZZTIME each (10m)
	@mkdir -p $(BUILD)
	@for dir in $$(grep -rlE --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9]+' $$dir/*_test.go | sed 's/func //'); do \
	    echo "$$dir $$f"; \
	    $(GO) test $$dir -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -parallel $$(( $$(nproc) < 8 ? $$(nproc) : 8 )) > $(BUILD)/fuzz.log 2>&1 || { \
	      if grep -q 'context deadline exceeded' $(BUILD)/fuzz.log && ! grep -qE 'Failing input|panic:' $(BUILD)/fuzz.log; then \
	        echo '  (its time ended in the middle of an input, which go test takes for a failure; no input failed)'; \
	      else cat $(BUILD)/fuzz.log; exit 1; fi; }; \
	    grep -E '^fuzz: elapsed' $(BUILD)/fuzz.log | tail -n 1; \
	  done; done

MINUTES ?= 10000
safety-soak: ## the flash limiter against MINUTES (10000) of adversarial light, judged by the light and by the bytes sent
	$(GO) test -run TestAdversarialMinutes -timeout 12h -v ./engine/safety -args -minutes $(MINUTES) -coarse
	$(GO) test -run TestAdversarialMinutes -timeout 12h -v ./engine/safety -args -minutes $$(( ($(MINUTES) + 19) / 20 ))

bench: ## the benchmarks, each with its ratio to what it is measured against
	$(GO) test -run '^$$' -bench . -benchmem ./shaders/kage/... ./engine/... ./devices/...

load: ## what large works send, a minute each, and the share of a core that takes
	LOAD_SECONDS=$${LOAD_SECONDS:-60} $(GO) test -run BesideOLA -v -bench Load -benchtime 1x ./devices/outputs

faults: ## frame and arrival times with 3 of 50 outputs at fault, beside a run without (root)
	LOAD_SECONDS=$${LOAD_SECONDS:-30} $(GO) test -count 1 -run FaultsReachNobodyElse -v .

flood: ## how late frames are while 200,000 packets a second come to every open port, beside a run without (root)
	FLOOD_SECONDS=$${FLOOD_SECONDS:-30} $(GO) test -count 1 -run '^TestFlood$$' -v .

recordings: ## the figures of ten minutes of 50,000 pixels: a share of a core, seeks, memory (RECORDING_SECONDS gives another length)
	FSEQ_SECONDS=$${RECORDING_SECONDS:-600} $(GO) test ./devices/fseq -run '^$$' -bench Long -benchtime 1x -timeout 1h
	$(GO) test ./devices/recording -run SecondPass -v -bench Play

race: ## the engine and the devices under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race ./engine/... ./devices/... ./installations/...

models: ## the tables in docs/life.md: lives' settings, models and organisms against what is known
	$(GO) test ./engine/life -count=1 -run 'TestModels|TestKinds' -args -write ../../docs/life.md
	$(GO) test ./engine -count=1 -run TestOrganismsShineAsCited -args -write ../docs/life.md

references: ## the tables of docs/signals-references.md: each known value of the signals beside ours
	$(GO) test -p 1 ./engine/signal ./engine/signal/guard -count=1 -run 'TestReferences' -args -write $(CURDIR)/docs/signals-references.md

generate: ## everything that is generated: kernels, the schema
	$(GO) generate ./...

clean: ## remove what was built
	rm -rf $(BUILD)
