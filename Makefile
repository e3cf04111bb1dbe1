.PHONY: setup build test demo bench fmt clean

setup:
	@.ci/setup

build: setup
	./mvnw -q -DskipTests package

test: setup
	.ci/test

demo: build
	./tombolo lab demo

bench: build
	benchmarks/run

fmt:
	./mvnw -q spotless:apply

clean:
	./mvnw -q clean
