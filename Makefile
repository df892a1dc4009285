# The two commands of the README do all set-up: "make plan" and "make test".
SCENARIO ?= scenarios/bytedance-2026

.PHONY: plan test build setup setup-tests sanitize tidy format benchmarks clean fuzz

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

# Fuzzes the readers, each for FUZZ_SECONDS, beginning with the corpus that is kept; needs clang 19.
FUZZ_SECONDS ?= 150
fuzz:
	@tools/setup --fuzz
	@cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_BUILD_TYPE=RelWithDebInfo -DVORRAT_FUZZ=ON \
	  -DVORRAT_TESTS=OFF --log-level=WARNING > /dev/null
	@cmake --build build/fuzz --target fuzzers
	@for reader in quantity document table workbook stoch_opt_format msp_format smps; do \
	  mkdir -p build/fuzz/found/$$reader && \
	  build/fuzz/tests/fuzz/fuzz_$$reader -max_total_time=$(FUZZ_SECONDS) -timeout=25 -max_len=8000 \
	    -artifact_prefix=build/fuzz/found/ build/fuzz/found/$$reader tests/fuzz/corpus/$$reader || exit 1; \
	done

# Writes benchmarks/results.md.
benchmarks:
	@benchmarks/run

# Rewrites every source in the tree's format.
format:
	@tools/format.sh

clean:
	rm -rf build
