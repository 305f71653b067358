# The developers' front door; CMake and Ninja do the work. `make help` lists the targets.
BUILD ?= build
JOBS ?= $(shell nproc)
CC ?= cc
CMAKE_FLAGS ?=
LABEL ?=
FUZZ_SECONDS ?= 60

configure = cmake -S . -G Ninja -DCMAKE_C_COMPILER=$(CC) $(CMAKE_FLAGS)
ctest = ctest --output-on-failure $(if $(LABEL),-L '$(LABEL)')

.PHONY: help build demo test bench fuzz asan tsan manual fmt install clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BUILD)/build.ninja: CMakeLists.txt $(wildcard cmake/*.cmake)
	$(configure) -B $(BUILD)

build: $(BUILD)/build.ninja ## build the program: build/weir
	@cmake --build $(BUILD) -j $(JOBS)

demo: ## build, then run the demo pipelines on the embedded log
	@$(MAKE) --no-print-directory build
	@BUILD=$(BUILD) demo/run.sh

test: build ## run every test; LABEL=unit|sql|protocol|fault|fuzz-replay|tidy|kafka for some
	cd $(BUILD) && $(ctest) -j $(JOBS)

bench: build ## make the data, run the workloads on both backends, print one table
	@BUILD=$(BUILD) bench/run.sh

fuzz: ## fuzz every parser of outside bytes, FUZZ_SECONDS each
	cmake -S . -B $(BUILD)-fuzz -G Ninja -DCMAKE_C_COMPILER=clang -DWEIR_FUZZ=ON
	cmake --build $(BUILD)-fuzz -j $(JOBS)
	BUILD=$(BUILD)-fuzz SECONDS_EACH=$(FUZZ_SECONDS) tests/fuzz/run.sh

asan: ## the whole test suite under AddressSanitizer and UBSan
	$(configure) -B $(BUILD)-asan -DWEIR_SANITIZE=address,undefined
	cmake --build $(BUILD)-asan -j $(JOBS)
	cd $(BUILD)-asan && $(ctest)

tsan: ## the whole test suite under ThreadSanitizer
	$(configure) -B $(BUILD)-tsan -DWEIR_SANITIZE=thread
	cmake --build $(BUILD)-tsan -j $(JOBS)
	cd $(BUILD)-tsan && $(ctest)

manual: build ## write docs/functions.md anew, from the functions' descriptors
	@$(BUILD)/functions_test_manual --write

fmt: ## lay out every source file with clang-format
	@git ls-files '*.c' '*.h' | xargs clang-format -i

install: build ## install the program under DESTDIR/usr/local
	cmake --install $(BUILD)

clean: ## remove what was built
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan $(BUILD)-fuzz
