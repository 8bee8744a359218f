# make run · test · lint · fmt · setup. Each survives a second run and says what is missing.
.PHONY: run test lint fmt setup setup-test build

export PATH := $(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

run: build
	@scripts/run.sh

test: setup-test build
	@scripts/test.sh

lint: setup
	@scripts/lint.sh

fmt:
	@cargo fmt --all

build: setup
	@echo "building the shop (the first time takes some minutes)"
	@cargo leptos build
	@cargo build -p simulator

setup:
	@scripts/setup.sh

setup-test: setup
	@scripts/setup.sh test
