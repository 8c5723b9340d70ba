# Every target is a script under hack/, which finds the tools (a JDK, Maven, Go) and says what is missing.
.DEFAULT_GOAL := help
.PHONY: help demo test soak up down build format control-plane

help: ## lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## plays the whole story on a local stack, with no cloud: builds what is missing, leaves nothing running
	@hack/demo

test: ## runs everything that can fail: format, static checks, unit tests, tests on a real API server, stories
	@hack/test

soak: ## plays the model test's random histories by the thousand: HISTORIES, SIMULATED, MINUTES, FIRST (seed), SEED (one alone)
	@hack/soak

up: ## starts the local stack (Kubernetes, simulated Azure, operator), leaves it running and says how to talk to it
	@hack/up

down: ## stops what make up started; its data stays in .local/
	@hack/down

build: ## compiles all modules and makes their jars, without tests
	@hack/maven -DskipTests package

format: ## formats the Java sources
	@hack/maven spotless:apply

control-plane: ## builds kube-apiserver, etcd and kube-controller-manager from their Go modules, once (about six minutes)
	@hack/control-plane
