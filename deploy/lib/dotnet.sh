# Sourced by ./run, ./test and others: finds the SDK, chooses the grain runtime, builds.
# Expects $root, the repository's folder.

orleans_version=10.4.2
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf '%s\n' "$*" >&2; }

die() { say "error: $*"; exit 2; }

case "${GrainRuntime:-auto}" in
  orleans | local | auto) ;;
  *) die "GrainRuntime=$GrainRuntime is not known: it is orleans, local, or auto (the default)." ;;
esac

require_sdk() {
  command -v dotnet >/dev/null 2>&1 \
    || die "the .NET 10 SDK is not installed (no 'dotnet' on PATH). Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and try again."
  local sdks
  sdks=$(dotnet --list-sdks)
  [ -n "$sdks" ] || die "there is a .NET runtime here, but no SDK; version 10 is needed: https://dotnet.microsoft.com/download/dotnet/10.0"
  printf '%s\n' "$sdks" | grep -Eq '^(1[0-9]|[2-9][0-9])\.' \
    || die "the .NET SDK here is too old ($(printf '%s\n' "$sdks" | tail -n 1 | cut -d' ' -f1)); version 10 is needed: https://dotnet.microsoft.com/download/dotnet/10.0"
}

package_folder() { printf '%s' "${NUGET_PACKAGES:-$HOME/.nuget/packages}"; }

# Prints "orleans" or "local": what $GrainRuntime says, or else whether Orleans' packages can be had. A "no" is remembered under
# artifacts/ so that a start does not ask the registry each time; remove artifacts/grain-runtime to ask again.
choose_runtime() {
  local folder memory=$root/artifacts/grain-runtime
  folder=$(package_folder)
  if [ -n "${GrainRuntime:-}" ] && [ "$GrainRuntime" != auto ]; then
    printf '%s' "$GrainRuntime"
  elif [ -d "$folder/microsoft.orleans.runtime/$orleans_version" ]; then
    printf orleans
  elif [ -f "$memory" ]; then
    cat "$memory"
  else
    local found=local
    if timeout 120 dotnet restore "$root/deploy/probe/Probe.csproj" -v q >/dev/null 2>&1; then found=orleans; fi
    mkdir -p "$root/artifacts"
    printf '%s' "$found" | tee "$memory"
  fi
}

# Tries to bring Microsoft.Orleans.Transactions, which only a peer of ./bench needs. A failure is remembered beside the
# build; remove artifacts-orleans/no-transactions to ask again.
bring_transactions() {
  local memory=$root/artifacts-orleans/no-transactions
  if [ -d "$(package_folder)/microsoft.orleans.transactions/$orleans_version" ] || [ -f "$memory" ]; then return; fi
  if ! timeout 120 dotnet restore "$root/deploy/probe/Transactions.csproj" -v q >/dev/null 2>&1; then
    mkdir -p "${memory%/*}"
    touch "$memory"
  fi
}

# build PROJECT RUNTIME [args]: quiet when all is well but for the first time, the whole output when not.
build() {
  local project=$1 runtime=$2 log built
  shift 2
  built=$(artifacts_of "$runtime")/bin
  case "$project" in *.sln*) ;; *) built=$built/${project##*/} ;; esac
  [ -d "$built" ] || say "Building $project … (a minute the first time)"
  log=$(mktemp)
  if ! GrainRuntime=$runtime dotnet build "$root/$project" -c Release -v q --nologo "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die "the build of $project with GrainRuntime=$runtime failed; see above."
  fi
  rm -f "$log"
}

# The folder a runtime's build lands in; see GrainRuntime.props.
artifacts_of() {
  if [ "$1" = orleans ]; then printf '%s' "$root/artifacts-orleans"; else printf '%s' "$root/artifacts"; fi
}
