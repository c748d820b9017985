# The commands of daily work; `make` alone lists them. Each one installs what it needs
# (scripts/setup), so that it works from a fresh clone. The work itself is in scripts/ and in the
# presets of CMakePresets.json.

JOBS ?= $(shell nproc)
PREFIX ?= /usr/local

.PHONY: help setup demo test bench install docs format tidy checked asan tsan clean

help:     ## List these commands
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup:    ## Install what building and testing needs (Debian packages)
	@scripts/setup

demo: setup ## Find the leak of a running Python server; run the examples; pictures stay in build/demo
	@scripts/demo

test: setup ## Build and run all tests, check layering, names and format
	@scripts/test

bench:    ## Measure Ouro beside its peers; figures stay in build/bench
	@scripts/setup --bench
	@bench/run
	@bench/analysis/run
	@bench/unreachable/run
	@bench/capture/run

install: setup ## Install library, headers and package files below PREFIX (/usr/local)
	cmake --preset release -B build/install -DOURO_BUILD_TESTS=OFF -DOURO_BUILD_EXAMPLES=OFF
	cmake --build build/install --parallel $(JOBS)
	cmake --install build/install --prefix "$(PREFIX)"

docs: setup ## Build the pages of the Python package from its docstrings: build/docs/python
	@scripts/python_docs

format: setup ## Format all C++ sources in place
	@scripts/format

tidy: setup ## Lint with clang-tidy; files that did not change since are skipped
	@scripts/test tidy

checked: setup ## Build and test the checked build
	@scripts/test checked

asan: setup ## Build and test under the address and undefined behaviour sanitizers
	@scripts/test asan

tsan: setup ## Build and test under the thread sanitizer
	@scripts/test tsan

clean:    ## Remove build/
	rm -rf build
