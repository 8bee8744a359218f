# make run · test · test-packages · images · test-images · soak · rush · ha · soak-ha · restore-drill · update-drill · release · lighthouse · bench ·
# size · compare-builds · lint · deny · fmt · setup. Each can run again and says what is missing.
.PHONY: run test test-packages images test-images soak rush ha soak-ha restore-drill update-drill release lighthouse bench size compare-builds lint deny fmt setup setup-test build

export PATH := $(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

run: build
	@scripts/run.sh

test: setup-test build
	@scripts/test.sh

# the long crash test: 2,100 orders and 50 kills on each database; SOAK_SEED repeats a run
soak: export SOAK_ORDERS := $(or $(SOAK_ORDERS),2100)
soak: export SOAK_KILLS := $(or $(SOAK_KILLS),50)
soak: export SOAK_LOAD_S := $(or $(SOAK_LOAD_S),60)
soak: setup-test build
	@scripts/with-postgres.sh cargo test --test soak -- --test-threads=1 --nocapture

# 20,000 shoppers want 100 pieces: who gets one, what the others are told, and how long other pages take; `make test` has a short form
rush: setup-test build release
	@cargo build --release --bin rush
	@scripts/rush.sh

# the shop on three machines (network namespaces) with PostgreSQL under Patroni: see deploy/ha/README.md; needs root
ha: build
	@scripts/ha.sh

# the crash test on these machines, with 28 disturbances of the database, 20 of them fail-overs: about 11 minutes; needs root
soak-ha: build
	@HA_SHOPS=0 scripts/ha.sh scripts/soak-ha.sh

# loses a database, restores it to a moment (PostgreSQL) and from a copy (SQLite), and compares the books with WeChat
restore-drill: setup-test build
	@scripts/restore-drill.sh

# updates two servers behind HAProxy while shoppers buy, from the version before the newest migration; needs haproxy
update-drill: setup-test build
	@scripts/update-drill.sh

# target/release/server, target/release/hash.txt and target/site; README.md says where they go
release: setup
	@echo "building the release (some minutes the first time)"
	@cargo xtask frontend --release --precompress
	@cargo build --release -p server

lighthouse: build release
	@scripts/lighthouse.sh

# measures the release and the stacks that it replaces; PEERS is their folder; see docs/performance.md
bench: export PEERS := $(or $(PEERS),../shared/peers)
bench: setup
	@bench/run.sh

# builds the browser's files as for a release; checks their content and their size budget; lint runs it too
size: setup
	@scripts/wasm-check.sh

# shows that cargo-leptos writes the same browser files; needs cargo-leptos and wasm-bindgen-cli
compare-builds: setup
	@scripts/compare-builds.sh

lint: setup
	@scripts/lint.sh

# the packed crates, the static simulator, its Python wheel, npm package and image, each with a sample test
test-packages: build
	@scripts/test-packages.sh
	@scripts/test-client-package.sh

# the images of the shop and of the simulated WeChat; needs musl-tools and buildah
images: setup
	@scripts/images.sh

# runs the services of deploy/compose.yaml by hand, read-only, and buys in them; needs root
test-images: images
	@scripts/test-images.sh

# licences, sources, duplicates and known vulnerabilities of the dependencies; needs cargo-deny
deny:
	@scripts/deny.sh

fmt:
	@cargo fmt --all

build: setup
	@echo "building the shop (the first time takes some minutes)"
	@cargo build --bin server --bin simulator --bin xtask
	@target/debug/xtask frontend

setup:
	@scripts/setup.sh

setup-test: setup
	@scripts/setup.sh test
