# guard <folder> <signal> <command>...: runs a server for as long as the process that started it lives.
# The starter holds our standard input. Each line there is a signal to send, or `keep`: leave the folder for a next run.
# At its end - the starter closed it or died, however it died - the server gets <signal>, and the folder goes.
folder=$1 last=$2
shift 2
# What a shell says when its child is killed is no news.
exec 2>/dev/null
rm -f "$folder/.keep" "$folder/.ended"
exec 3<&0
"$@" </dev/null >>"$folder/log" 2>&1 3<&- &
child=$!
echo "started $child"
(
  while read -r word; do
    if [ "$word" = keep ]; then : >"$folder/.keep"; else kill -s "$word" "$child"; fi
  done <&3
  # Not a process that happens to have its number by now.
  [ -e "$folder/.ended" ] || kill -s "$last" "$child"
) &
reader=$!
wait "$child"
code=$?
: >"$folder/.ended"
echo "ended $code"
wait "$reader"
[ -e "$folder/.keep" ] || rm -rf "$folder"
