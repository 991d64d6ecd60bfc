# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The commands that people type. Each sets up and builds what it needs first.

PYTHON := .venv/bin/python

.PHONY: build test demo bench bench-peers stress fuzz sanitize lint docs clean help

help:
	@echo 'make demo      train the example GPT for two minutes'
	@echo 'make test      all tests (SUITES="lit c py" chooses)'
	@echo 'make build     .venv, build/bin, build/lib'
	@echo 'make bench     benchmarks against the peers that are installed'
	@echo 'make bench-peers  the same beside jax, torch and mlx, which it installs'
	@echo 'make stress    the long repetitions of the reliability tests'
	@echo 'make fuzz      random programs, many of them'
	@echo 'make sanitize  the C tests of the runtime under ASan and UBSan'
	@echo 'make lint      what pre-commit checks'
	@echo 'make docs      the reference pages of docs/: ops.md, passes.md'

build:
	@scripts/build.sh

test: build
	@scripts/test.sh $(SUITES)

demo: build
	@$(PYTHON) examples/gpt/train.py $(ARGS)

bench: build
	@$(PYTHON) benchmarks/run.py $(ARGS)

# The peers in an environment of their own, in the versions that the results are compared with.
bench-peers:
	@test -d .venv-peers || python3 -m venv .venv-peers
	@.venv-peers/bin/pip install -q jax==0.10.2 jaxlib==0.10.2 torch==2.13.0 mlx==0.32.4 mlx-cpu==0.32.4 numpy ml_dtypes
	@$(MAKE) bench ARGS="$(foreach peer,jax torch mlx,--python $(peer)=.venv-peers/bin/python) $(ARGS)"

stress: build
	@MLXIR_STRESS=full $(PYTHON) -m pytest -m stress test/py $(ARGS)
	@MLXIR_STRESS=full $(PYTHON) -m pytest test/py/test_processes.py $(ARGS)

fuzz: build
	@MLXIR_FUZZ_GRAPHS=$${MLXIR_FUZZ_GRAPHS:-10000} $(PYTHON) -m pytest -m fuzz test/py $(ARGS)

sanitize:
	@scripts/sanitize.sh

lint: build
	@scripts/lint.sh

docs: build
	@$(PYTHON) scripts/docs.py

clean:
	rm -rf build build-*
