# Completion for every program of the suite under fish, from the option table
# that the program itself prints (--options).
function __gcpipe_options
    set -l program (commandline -opc)[1]
    $program --options 2>/dev/null | while read -d \t -l letter name arg help
        test -n "$letter"; and printf '%s\t%s\n' "-$letter" "$help"
        test -n "$name"; and printf '%s\t%s\n' "--$name" "$help"
    end
end
for program in annotate auth confusion count drift fetch join mock ner report \
        score serve store window
    complete -c gc-$program -n 'string match -q -- "-*" (commandline -ct)' \
        -f -a '(__gcpipe_options)'
end
