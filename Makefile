# The front door. Each target sets up what it needs, says what it does, and leaves nothing running.
# Needs Rust (rustup reads rust-toolchain.toml), Python 3.11 or later, and for the test ground Linux on x86_64.

.DEFAULT_GOAL := help
.PHONY: help demo test bench docs install dist ground

TARGET  := $(or $(CARGO_TARGET_DIR),target)
BINARY  := terraform-provider-deployrunner
VERSION := $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' Cargo.toml | head -n 1)
PLATFORM := $(shell uname -s | tr A-Z a-z)_$(shell uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
PLUGINS := $(HOME)/.terraform.d/plugins
INSTALL := $(PLUGINS)/registry.terraform.io/deployrunner/deployrunner/$(VERSION)/$(PLATFORM)
PYTHON  := target/ground/venv/bin/python

# One choice of packages and features everywhere, so that no command rebuilds what another has built.
EVERYTHING := --workspace --all-features

# Python's compiled files go where all other made things are.
export PYTHONPYCACHEPREFIX := $(CURDIR)/target/ground/pycache

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: ground ## real Terraform on an AWS that enforces IAM: who may do what
	cargo build $(EVERYTHING) --bins
	$(PYTHON) tests/ground/demo.py $(TARGET)/debug/$(BINARY)

test: ground ## everything: units, framework, acceptance tests with four Terraforms on two emulators
	cargo test $(EVERYTHING)

bench: ground ## side by side with the AWS provider and the null provider, and the policy engine (some ten minutes)
	python3 tests/ground/prepare.py
	cargo bench -p iam-policy --bench engine
	cargo bench -p terraform-provider-deployrunner --bench plan
	cargo build --release --bin $(BINARY)
	$(PYTHON) tests/ground/bench.py $(TARGET)/release/$(BINARY)

docs: ## docs/ from the schema and the examples
	cargo xtask docs

install: ## the release binary, where Terraform on this machine finds it
	cargo build --release --bin $(BINARY)
	mkdir -p $(INSTALL)
	cp $(TARGET)/release/$(BINARY) $(INSTALL)/$(BINARY)_v$(VERSION)
	@echo "installed version $(VERSION) in $(PLUGINS); 'terraform init' finds it there"

dist: ## release archives and their checksums
	cargo xtask dist

ground: ## the test ground: Terraforms, emulators, their Python, all under target/
	python3 tests/ground/prepare.py tests
