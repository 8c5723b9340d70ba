# Starts and stops a local stack (control plane, Azure simulator, operator) in a folder. Sourced after tools.sh.

# Compiles what has changed since the last time. The tests too: Maven wants the test-jar of crds for the class path.
build_stack() {
  local list=$root/e2e/stories/target/classpath.txt
  if [ -s "$list" ] && [ -z "$(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/*/pom.xml "$root"/*/src/main "$root"/*/*/src/main -type f -newer "$list" 2>/dev/null | head -n 1)" ]; then
    return 0
  fi
  say "Compiling"
  (cd "$root" && "$MVN" -B -q -ntp -pl e2e/stories -am test-compile) || return 1
  touch "$list"
}

# The process of the stack in folder $1, when there is one: a process id that somebody else has since got does not count.
stack_pid() {
  local pid command
  pid=$(cat "$1/pid" 2>/dev/null) || return 1
  [ -n "$pid" ] || return 1
  if [ -r "/proc/$pid/cmdline" ]; then
    command=$(tr '\0' ' ' <"/proc/$pid/cmdline")
  else
    command=$(ps -ww -o args= -p "$pid" 2>/dev/null) || return 1
  fi
  case " $command " in
    *" dev.vmidentity.stack.Up $root $1 "*) echo "$pid" ;;
    *) return 1 ;;
  esac
}

# Starts a stack in folder $1, without a terminal, and waits until it serves; shows its progress. It stays up when this
# shell ends, unless $2 says a process that it ends with.
start_stack() {
  local home=$1 owner=${2:-} pid shown=0 total entry class_path= n=0 detach=nohup
  mkdir -p "$home/logs" "$home/classes"
  rm -f "$home/ready" "$home/pid"
  rm -rf "$home/classes"
  # A copy of the classes: the stack runs for days, and must not have them changed under it by the next compilation.
  while IFS= read -r -d : entry; do
    [ -n "$entry" ] || continue
    if [ -d "$entry" ]; then
      n=$((n + 1))
      mkdir -p "$home/classes/$n"
      cp -R "$entry/." "$home/classes/$n/"
      entry=$home/classes/$n
    fi
    class_path=$class_path:$entry
  done <<<"$root/e2e/stories/target/classes:$(cat "$root/e2e/stories/target/classpath.txt"):"
  # A session of its own, so that neither Ctrl-C here nor the end of the terminal reaches it. macOS has no setsid.
  if command -v setsid >/dev/null 2>&1; then detach="setsid nohup"; fi
  (cd "$root" && exec $detach "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx192m -cp "${class_path#:}" \
    dev.vmidentity.stack.Up "$root" "$home" $owner </dev/null >"$home/logs/stack.log" 2>&1) &
  pid=$!
  echo "$pid" >"$home/pid"
  # The stack's shell may not have come to opening it yet.
  : >>"$home/logs/stack.log"
  while [ ! -e "$home/ready" ]; do
    total=$(($(wc -l <"$home/logs/stack.log" 2>/dev/null || echo 0)))
    if [ "$total" -gt "$shown" ]; then
      sed -n "$((shown + 1)),${total}s/^/  /p" "$home/logs/stack.log" >&2
      shown=$total
    fi
    if ! kill -0 "$pid" 2>/dev/null; then
      rm -f "$home/pid"
      sed -n "$((shown + 1)),\$s/^/  /p" "$home/logs/stack.log" >&2
      echo "error: the local stack did not start; its logs are in $home/logs" >&2
      return 1
    fi
    sleep 0.2
  done
  sed -n "$((shown + 1)),\$s/^/  /p" "$home/logs/stack.log" >&2
}

# Stops the stack in folder $1, if it runs, and waits until it is gone.
stop_stack() {
  local pid i
  pid=$(stack_pid "$1") || { rm -f "$1/pid" "$1/ready"; return 0; }
  kill -TERM "$pid" 2>/dev/null || true
  for i in $(seq 1 600); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  # Its children end with it, however it ends.
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$1/pid" "$1/ready"
}

# The folder of the kubectl that goes with the stack, for PATH.
kubectl_folder() { dirname "$("$root/hack/control-plane" | sed -n 's/^kubectl=//p')"; }
