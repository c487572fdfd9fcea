#!/bin/sh
# What sets the project up keeps the cache folder closed to others: gc-auth
# keeps no token in one that is open.
. tests/lib.sh

for script in oracle peers; do
	rm -rf "$T/cache"
	mkdir -p "$T/cache/gcpipe/$script/bin"
	chmod 755 "$T/cache/gcpipe"
	for stub in python pip; do
		printf '#!/bin/sh\n' >"$T/cache/gcpipe/$script/bin/$stub"
		chmod +x "$T/cache/gcpipe/$script/bin/$stub"
	done
	run sh ".ci/$script"
	exits 0 ".ci/$script"
	is "$(find "$T/cache/gcpipe" -prune -perm 700)" "$T/cache/gcpipe" \
	    'leaves a folder that nobody else may enter'
done
printf '#!/bin/sh\necho "pip $*"\n' >"$T/cache/gcpipe/peers/bin/pip"
run sh .ci/peers
is "$code$(out)$(err)" 0 'what is there is not installed again'
done_testing
