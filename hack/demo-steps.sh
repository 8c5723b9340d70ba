# The words that the demo's story is told in. Sourced by hack/demo.

step_number=0

step() { # a headline
  step_number=$((step_number + 1))
  printf '\n\033[1m%d. %s\033[0m\n' "$step_number" "$*"
}

note() { printf '   %s\n' "$*"; }

# Shows a command as a person types it (quoted where the shell needs it), runs it, and shows its output; $output keeps
# that for `expect`. Ends the demo unless the command succeeds.
run() {
  local status=0
  shown_run "$*" || status=$?
  [ "$status" -eq 0 ] || broken "the command ended with exit code $status"
}

# The same for a command that must be refused.
refused() {
  local status=0
  shown_run "$*" || status=$?
  [ "$status" -ne 0 ] || broken "the command was to be refused, and was not"
}

shown_run() { # $1: one line of shell
  local status=0 log=$home/output
  printf '\033[32m$ %s\033[0m\n' "$1"
  # As it comes: a wait must not look like a hang.
  if bash -c "$1" 2>&1 | tee "$log"; then status=0; else status=${PIPESTATUS[0]}; fi
  output=$(cat "$log")
  return "$status"
}

# $1 must occur in the last output.
expect() {
  case $output in *"$1"*) ;; *) broken "the output was to contain: $1" ;; esac
}

# $1 must not occur in the last output.
expect_not() {
  case $output in *"$1"*) broken "the output was not to contain: $1" ;; esac
}

# Asks again until it is so: eventually SECONDS TEXT COMMAND. Shows the command once, and the last output.
eventually() {
  local seconds=$1 text=$2 deadline=$((SECONDS + $1))
  shift 2
  printf '\033[32m$ %s\033[0m\n' "$*"
  while :; do
    output=$(bash -c "$*" 2>&1) || true
    case $output in *"$text"*) break ;; esac
    if [ "$SECONDS" -ge "$deadline" ]; then
      printf '%s\n' "$output"
      broken "within $seconds s the output was to contain: $text"
    fi
    sleep 0.5
  done
  printf '%s\n' "$output"
}

broken() {
  printf '\033[31mNot as it must be: %s\033[0m\n' "$1" >&2
  exit 1
}
