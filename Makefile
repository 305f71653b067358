# The developers' front door; CMake and Ninja do the work. `make help` lists the targets.
BUILD ?= build
JOBS ?= $(shell nproc)
CC ?= cc
CMAKE_FLAGS ?=

.PHONY: help build test
help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BUILD)/build.ninja: CMakeLists.txt
	cmake -S . -B $(BUILD) -G Ninja -DCMAKE_C_COMPILER=$(CC) $(CMAKE_FLAGS)

build: $(BUILD)/build.ninja ## build the program into build/weir
	cmake --build $(BUILD) -j $(JOBS)

test: build ## run every test
	cd $(BUILD) && ctest --output-on-failure
