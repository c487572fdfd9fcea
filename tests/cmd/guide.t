#!/bin/sh
# Guides whose figures come from commands that are run: what stands in a
# console block of docs/statistics.md, patterns.md or entities.md is what its commands
# write.
#
#	sh tests/cmd/guide.t -w		writes what they write into the pages
. tests/lib.sh

# The lines of all console blocks, each block ended by a line of its own.
blocks() {
	awk '/^```console$/ { on = 1; next }
	    /^```$/ && on { on = 0; print "%%"; next }
	    on' "$1"
}

# Runs the commands of blocks, and prints the blocks as they should be. A
# command is a line behind "$ ", with more lines behind "> ".
play() {
	cmd=
	while IFS= read -r line; do
		case $line in
		"> "*)
			cmd="$cmd
${line#> }"
			;;
		*)
			perform
			[ "$line" = %% ] && echo %%
			;;
		esac
		case $line in
		'$ '*)
			cmd=${line#\$ }
			;;
		esac
		case $line in
		'$ '* | '> '*)
			printf '%s\n' "$line" >>"$T/typed"
			;;
		esac
	done
}

perform() {
	if [ -n "$cmd" ]; then
		cat "$T/typed"
		(cd "$T/work" && sh -c "$cmd" 2>&1)
	fi
	cmd=
	: >"$T/typed"
}

# guide PAGE COMMANDS: all of its commands, of which there are more than that.
guide() {
	page=$1
	rm -rf "$T/work"
	mkdir "$T/work"
	: >"$T/typed"
	blocks "$page" >"$T/want"
	play <"$T/want" >"$T/got"
	if [ -n "$write" ]; then
		awk -v got="$T/got" '/^```$/ && on { on = 0
			while ((getline line <got) > 0 && line != "%%")
				print line }
		    !on
		    /^```console$/ { on = 1 }' "$page" >"$T/page" &&
		    cp "$T/page" "$page"
		return
	fi
	[ "$(grep -c '^\$ ' "$T/want")" -gt "$2" ]
	ok $? "$page has commands"
	same "$T/got" "$T/want" "$page: its commands write what it says"
}

write=${1-}
guide docs/statistics.md 20
guide docs/patterns.md 8
guide docs/entities.md 8
[ -n "$write" ] || done_testing
