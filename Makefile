# The two commands of the README do all set-up: "make plan" and "make test".
SCENARIO ?= scenarios/bytedance-2026

.PHONY: plan test build setup setup-tests sanitize tidy format benchmarks clean

plan: build
	./build/vorrat plan $(SCENARIO)

build: setup
	@cmake --preset dev -DVORRAT_TESTS=OFF --log-level=WARNING > /dev/null
	@cmake --build --preset dev

test: setup-tests
	@cmake --preset dev -DVORRAT_TESTS=ON --log-level=WARNING > /dev/null
	@cmake --build --preset dev
	@ctest --preset dev -j 2 --output-on-failure

sanitize: setup-tests
	@cmake --workflow --preset sanitize

setup:
	@tools/setup

setup-tests:
	@tools/setup --tests

tidy: setup-tests
	@cmake --preset dev --log-level=WARNING > /dev/null
	@tools/tidy.sh build

# Rewrites every source in the tree's format.
format:
	@tools/format.sh

clean:
	rm -rf build
