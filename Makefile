# gcpipe -- small Unix filters for people who run contact centres.
#
#	make		build every program into bin/ (no network, no packages)
#	make deps	install what building and testing need
#	make model	get the language model for gc-ner, 12 MB
#	make oracle	get spaCy, which gc-ner is compared with, 500 MB
#	make demo	run the workflows on the built-in mock platform
#	make check	run every test, then unit and command tests under sanitizers
#	make check-long	the same under clang and valgrind, long kills and fuzzing
#	make bench	side by side with the peers
#	make install	into $(DESTDIR)$(PREFIX)
#
# Works the same under GNU make and bmake.

.POSIX:
.SUFFIXES:
.SUFFIXES: .c .o .bin

VERSION = 0.1.0
PREFIX = /usr/local
CC = cc
AR = ar
OPT = -O2 -g
SAN =
WARN = -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
	-Wvla -Wshadow -Wpointer-arith
CFLAGS = -std=c11 $(OPT) $(SAN) $(WARN) -ffp-contract=off -fno-strict-aliasing
CPPFLAGS = -D_POSIX_C_SOURCE=200809L -Ilib -DGC_VERSION='"$(VERSION)"' \
	-DGC_PREFIX='"$(PREFIX)"' -I$(PQ_DIR)
PQ_DIR != pg_config --includedir 2>/dev/null || echo .
LDFLAGS = $(SAN) -Wl,--as-needed
LDLIBS = -lm -lpthread

# The rooms, and what stands in them.
LIB_C != ls lib/*/*.c
HDR != ls lib/*/*.h cmd/*/*.h 2>/dev/null; :
CMD_C != ls cmd/*.c cmd/*/*.c 2>/dev/null; :
UNIT_C != ls tests/unit/t_*.c
FUZZ_C != ls tests/fuzz/f_*.c
LIB_O = $(LIB_C:.c=.o)
CMD_O = $(CMD_C:.c=.o)
UNIT = $(UNIT_C:.c=.bin)
FUZZ = $(FUZZ_C:.c=.bin)

A = lib/gcpipe.a

# Every program; below, what each one links.
BIN = \
	bin/gc-annotate \
	bin/gc-auth \
	bin/gc-confusion \
	bin/gc-count \
	bin/gc-drift \
	bin/gc-fetch \
	bin/gc-join \
	bin/gc-mock \
	bin/gc-ner \
	bin/gc-report \
	bin/gc-score \
	bin/gc-serve \
	bin/gc-store \
	bin/gc-window

all: .deps-ok $(BIN)

.c.o:
	$(CC) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

$(A): $(LIB_O)
	rm -f $@
	$(AR) rcs $@ $(LIB_O)

# ---- programs ----
LINK = mkdir -p bin && $(CC) $(LDFLAGS) -o $@

ANNOTATE_C != ls cmd/gc-annotate/*.c
ANNOTATE_O = $(ANNOTATE_C:.c=.o)
bin/gc-annotate: $(ANNOTATE_O) $(A)
	$(LINK) $(ANNOTATE_O) $(A) -ljq -lcurl -lcrypto $(LDLIBS)

bin/gc-auth: cmd/gc-auth/cache.o cmd/gc-auth/credential.o \
    cmd/gc-auth/grant.o cmd/gc-auth/helper.o cmd/gc-auth/main.o \
    cmd/gc-auth/plan.o cmd/gc-auth/scope.o cmd/gc-auth/show.o \
    cmd/gc-auth/turn.o $(A)
	$(LINK) cmd/gc-auth/*.o $(A) -lcurl -lcrypto $(LDLIBS)

CONFUSION_C != ls cmd/gc-confusion/*.c
CONFUSION_O = $(CONFUSION_C:.c=.o)
bin/gc-confusion: $(CONFUSION_O) $(A)
	$(LINK) $(CONFUSION_O) $(A) -ljq -lcsv -lRmath $(LDLIBS)

COUNT_C != ls cmd/gc-count/*.c
COUNT_O = $(COUNT_C:.c=.o)
bin/gc-count: $(COUNT_O) $(A)
	$(LINK) $(COUNT_O) $(A) -ljq $(LDLIBS)

DRIFT_C != ls cmd/gc-drift/*.c
DRIFT_O = $(DRIFT_C:.c=.o)
bin/gc-drift: $(DRIFT_O) $(A)
	$(LINK) $(DRIFT_O) $(A) -ljq -lRmath $(LDLIBS)

FETCH_C != ls cmd/gc-fetch/*.c
FETCH_O = $(FETCH_C:.c=.o)
bin/gc-fetch: $(FETCH_O) $(A)
	$(LINK) $(FETCH_O) $(A) -ljq -lcurl -lcrypto $(LDLIBS)

JOIN_C != ls cmd/gc-join/*.c
JOIN_O = $(JOIN_C:.c=.o)
bin/gc-join: $(JOIN_O) $(A)
	$(LINK) $(JOIN_O) $(A) -ljq $(LDLIBS)

MOCK_C != ls cmd/gc-mock/*.c
MOCK_O = $(MOCK_C:.c=.o)
bin/gc-mock: $(MOCK_O) $(A)
	$(LINK) $(MOCK_O) $(A) -lmicrohttpd -lcrypto $(LDLIBS)

NER_C != ls cmd/gc-ner/*.c
NER_O = $(NER_C:.c=.o)
bin/gc-ner: $(NER_O) $(A)
	$(LINK) $(NER_O) $(A) -ljq -lmsgpackc -lpcre2-8 -lutf8proc -lRmath $(LDLIBS)

REPORT_C != ls cmd/gc-report/*.c
REPORT_O = $(REPORT_C:.c=.o)
bin/gc-report: $(REPORT_O) $(A)
	$(LINK) $(REPORT_O) $(A) -ljq -lcsv -lxlsxwriter -lRmath $(LDLIBS)

SCORE_C != ls cmd/gc-score/*.c
SCORE_O = $(SCORE_C:.c=.o)
bin/gc-score: $(SCORE_O) $(A)
	$(LINK) $(SCORE_O) $(A) -ljq -lcsv -lcurl -lcrypto -lRmath $(LDLIBS)

# What people look at, over HTTP: gc-report's pieces but its main.
SERVE_O != ls cmd/gc-serve/*.c cmd/gc-report/*.c | \
	sed -e '/gc-report\/main\.c/d' -e 's/c$$/o/'
bin/gc-serve: $(SERVE_O) $(A)
	$(LINK) $(SERVE_O) $(A) -ljq -lmicrohttpd -lcrypto -lcsv \
	    -lsqlite3 -lpq -lRmath $(LDLIBS)

STORE_C != ls cmd/gc-store/*.c
STORE_O = $(STORE_C:.c=.o)
bin/gc-store: $(STORE_O) $(A)
	$(LINK) $(STORE_O) $(A) -lsqlite3 -lpq $(LDLIBS)

bin/gc-window: cmd/gc-window.o $(A)
	$(LINK) cmd/gc-window.o $(A) $(LDLIBS)

# One coarse line: a header changed, everything is built again.
$(LIB_O) $(CMD_O) $(UNIT_C:.c=.o): $(HDR)

# ---- tests ----
# A test is its one file, a fuzz target has the driver beside it.
.o.bin:
	case $< in tests/fuzz/*) more=tests/fuzz/drive.o ;; *) more= ;; esac; \
	$(CC) $(LDFLAGS) -o $@ $< $$more $(A) -lcmocka -ljq -lcurl -lcrypto \
	    -lcsv -lxlsxwriter -lRmath -lmsgpackc -lpcre2-8 -lsqlite3 -lpq \
	    -lutf8proc $(LDLIBS)

$(UNIT): $(A)
unit: $(UNIT) $(FUZZ)

# Fuzz targets: here from fixed seeds, under libFuzzer by `make fuzz`.
FUZZ_LINK = -ljq -lcurl -lcrypto -lcsv -lxlsxwriter -lRmath -lmsgpackc \
	-lpcre2-8 -lsqlite3 -lpq -lutf8proc $(LDLIBS)

$(FUZZ): tests/fuzz/drive.o $(A)
$(FUZZ_C:.c=.o) tests/fuzz/drive.o: $(HDR)

FUZZ_TIME = 60
FUZZ_SAN = address,undefined
fuzz:
	sh tests/copy build/libfuzzer
	cd build/libfuzzer && $(MAKE) $(A) $(FUZZ_C:.c=.o) CC=clang \
	    OPT='-O1 -g' SAN='-fsanitize=fuzzer-no-link,$(FUZZ_SAN)'
	for f in $(FUZZ_C:.c=); do n=$${f##*/f_}; \
	    mkdir -p build/fuzz/$$n tests/fuzz/corpus/$$n; \
	    clang -fsanitize=fuzzer,$(FUZZ_SAN) -o build/fuzz/$$n.bin \
	    build/libfuzzer/$$f.o build/libfuzzer/$(A) $(FUZZ_LINK) && \
	    build/fuzz/$$n.bin -max_total_time=$(FUZZ_TIME) -max_len=8192 \
	    -timeout=10 build/fuzz/$$n tests/fuzz/corpus/$$n || exit 1; done

PROVE = prove -j2 --exec 'sh tests/run'
CMD_T != ls tests/cmd/*.t 2>/dev/null; :
E2E_T != ls tests/e2e/*.t 2>/dev/null; :
LINT_T != ls tests/lint/*.t 2>/dev/null; :

# Every test on the normal build; then, by the same makefile in a copy, unit
# and command tests under the address and undefined-behaviour sanitizers.
check: deps model oracle browser
	$(MAKE) -j2 all unit
	$(MAKE) check-san
	$(PROVE) $(UNIT) $(FUZZ) $(CMD_T) $(E2E_T) $(LINT_T)

test:
	$(MAKE) -j2 all unit
	$(PROVE) $(UNIT) $(FUZZ) $(CMD_T)

check-san:
	sh tests/copy build/san
	data=$${GC_TEST_DATA:-$$PWD/../shared/data}; \
	cd build/san && GC_TEST_DATA=$$data \
	    LSAN_OPTIONS=suppressions=$$PWD/tests/lsan.supp:print_suppressions=0 \
	    $(MAKE) test CC='$(CC)' OPT='-O1 -g' \
	    SAN='-fsanitize=address,undefined -fno-sanitize-recover=undefined'

# The workflows on the built-in platform; what came out, and where. Where the
# model cannot be had the demonstration leaves out what needs it.
demo: deps
	-sh .ci/model
	$(MAKE) -j2 all
	sh pipelines/demo out/demo

# clang, valgrind, and longer runs of what `check` runs a little of.
check-long: deps
	$(MAKE) check
	sh tests/copy build/clang
	data=$${GC_TEST_DATA:-$$PWD/../shared/data}; \
	cd build/clang && GC_TEST_DATA=$$data $(MAKE) test CC=clang \
	    WARN='-Wall -Wextra -Werror'
	data=$${GC_TEST_DATA:-$$PWD/../shared/data}; \
	cd build/clang && GC_TEST_DATA=$$data FUZZ_RUNS=2000000 \
	    $(PROVE) $(FUZZ)
	GC_TEST_LONG=1 $(PROVE) $(CMD_T) $(E2E_T)
	FUZZ_RUNS=500 prove -j2 --exec 'sh tests/valgrind' $(UNIT) $(FUZZ)
	$(MAKE) fuzz

# Beside the peers, which are installed first: 1 GB, and spaCy's 500 MB.
bench: deps
	sh bench/run

DEST = $(DESTDIR)$(PREFIX)
install: all
	mkdir -p $(DEST)/bin $(DEST)/share/gcpipe $(DEST)/share/man/man1 \
	    $(DEST)/share/man/man5 $(DEST)/share/man/man7
	cp $(BIN) $(DEST)/bin/
	cp -R share/. pipelines $(DEST)/share/gcpipe/
	cp cmd/*.1 cmd/*/*.1 $(DEST)/share/man/man1/
	cp share/man/*.5 $(DEST)/share/man/man5/
	cp share/man/*.7 $(DEST)/share/man/man7/

.deps-ok: .ci/deps
	sh .ci/deps check
	@touch $@

deps:
	sh .ci/deps install

# What the pages are tried in; checks without it where it cannot be had.
browser:
	-sh .ci/deps browser

# The model for the demo and the tests, into the user's data folder.
model:
	sh .ci/model

# spaCy, to compare with: 500 MB, into the user's cache.
oracle:
	sh .ci/oracle

clean:
	rm -f $(LIB_O) $(CMD_O) $(A) $(BIN) $(UNIT) $(UNIT_C:.c=.o) .deps-ok \
	    $(FUZZ) $(FUZZ_C:.c=.o) tests/fuzz/drive.o
	rm -rf build out

.PHONY: all bench browser check check-long check-san clean demo deps fuzz \
	install model oracle test unit
