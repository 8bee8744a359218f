# make run · test · soak · bench · size · lighthouse · lint · deny · fmt · setup. Each survives a second run and says what is missing.
.PHONY: run test soak bench size lighthouse lint deny fmt setup setup-test build

export PATH := $(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

run: build
	@scripts/run.sh

test: setup-test build
	@scripts/test.sh

# the long crash run: over 2,000 orders (the same basket tapped twice is one) and 50 kills on each database; SOAK_SEED
# repeats one
soak: export SOAK_ORDERS := $(or $(SOAK_ORDERS),2100)
soak: export SOAK_KILLS := $(or $(SOAK_KILLS),50)
soak: export SOAK_LOAD_S := $(or $(SOAK_LOAD_S),60)
soak: setup-test build
	@scripts/with-postgres.sh cargo test -p server --test soak -- --test-threads=1 --nocapture

# the release beside the stacks it replaces: PEERS names their folder; see docs/performance.md
bench: export PEERS := $(or $(PEERS),../shared/peers)
bench: setup
	@bench/run.sh

# the size budget of the browser's files
size: setup
	@rm -rf target/site && cargo leptos build --release --precompress
	@scripts/size-check.sh

lighthouse: build
	@scripts/lighthouse.sh

lint: setup
	@scripts/lint.sh

# licences, sources, duplicates and known holes of the dependencies; needs cargo-deny
deny:
	@scripts/deny.sh

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
