# Finds the tools that everything here is built with. Sourced, not run: it defines functions and changes nothing.
# A tool that is missing is said in one sentence, with how to install it; the command then ends with exit code 2.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

missing() { # name, what it is for, apt, brew, link
  printf 'error: %s is missing: %s.\n       Debian/Ubuntu: %s   macOS: %s   others: %s\n' "$1" "$2" "$3" "$4" "$5" >&2
  return 2
}

java_major() { # the feature version of the JDK in the folder $1, or nothing when there is no compiler
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  # The release file is read rather than the JVM asked: it takes no time.
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)"/\1/p' "$1/release" 2>/dev/null | head -n 1)
  [ -n "$version" ] || version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = //p')
  printf '%s\n' "${version%%[.+-]*}"
}

# Sets JAVA_HOME to a JDK of 25 or later, wherever it is.
need_jdk() {
  local home candidates=() on_path
  [ -z "${JAVA_HOME:-}" ] || candidates+=("$JAVA_HOME")
  on_path=$(command -v javac 2>/dev/null) && candidates+=("$(dirname "$(dirname "$(resolve "$on_path")")")")
  candidates+=(/usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/java/* /opt/jdk*
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home)
  for home in "${candidates[@]}"; do
    local major
    major=$(java_major "$home")
    if [ -n "$major" ] && [ "$major" -ge 25 ] 2>/dev/null; then
      export JAVA_HOME=$home
      return 0
    fi
  done
  missing "a JDK, version 25 or later" "it compiles and runs the operator, the Azure simulator and the tests" \
    "sudo apt-get install openjdk-25-jdk" "brew install openjdk@25" "https://adoptium.net/temurin/releases/?version=25 (then set JAVA_HOME, or put it under /usr/lib/jvm or ~/.jdks)"
}

resolve() { # a path with its symbolic links followed; macOS had no readlink -f for long
  local path=$1 target
  while [ -L "$path" ]; do
    target=$(readlink "$path")
    case $target in /*) path=$target ;; *) path=$(dirname "$path")/$target ;; esac
  done
  printf '%s\n' "$path"
}

at_least() { # is version $1 >= $2, numbers with dots
  local a b i
  IFS=. read -r -a a <<<"${1%%[!0-9.]*}"
  IFS=. read -r -a b <<<"$2"
  for i in 0 1 2; do
    [ "${a[i]:-0}" -gt "${b[i]:-0}" ] && return 0
    [ "${a[i]:-0}" -lt "${b[i]:-0}" ] && return 1
  done
  return 0
}

# Sets MVN: Maven of 3.8.7 or later on PATH, else the wrapper, which brings Maven from Maven Central.
need_maven() {
  if command -v mvn >/dev/null 2>&1; then
    local version
    version=$(mvn -version 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' | sed -n 's/^Apache Maven \([0-9][0-9.]*\).*/\1/p')
    if [ -n "$version" ] && at_least "$version" 3.8.7; then
      MVN=mvn
      return 0
    fi
  fi
  if command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1; then
    MVN=$root/mvnw
    return 0
  fi
  missing "Maven, version 3.8.7 or later" "it builds the Java modules (./mvnw would fetch it, but needs curl or wget)" \
    "sudo apt-get install maven" "brew install maven" "https://maven.apache.org/download.cgi"
}

# Sets GO: a Go that can build the control plane's module (1.26, or one that may fetch that toolchain itself).
need_go() {
  local candidate
  for candidate in go /usr/local/go/bin/go "$HOME"/sdk/go*/bin/go "$HOME"/go/bin/go /usr/lib/go-*/bin/go /opt/homebrew/bin/go /snap/bin/go; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    # In the module's folder, so that a `toolchain` that Go is allowed to fetch counts.
    if (cd "$root/e2e/controlplane/assets" && "$candidate" list -m) >/dev/null 2>&1; then
      GO=$candidate
      return 0
    fi
  done
  missing "Go, version 1.26 or later" "it builds kube-apiserver, etcd and kube-controller-manager from their published modules, once (or set KUBEBUILDER_ASSETS to a folder that has them)" \
    "sudo apt-get install golang-1.26" "brew install go" "https://go.dev/dl/"
}

# All of them, before anything else is done; says everything that is missing at once.
need_all() {
  local status=0
  need_jdk || status=2
  need_maven || status=2
  "$root/hack/control-plane" --check || status=2
  [ "$status" -eq 0 ] || exit "$status"
}

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
