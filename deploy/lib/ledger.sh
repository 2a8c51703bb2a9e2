# Sourced by deploy/backup and deploy/restore: audits of copies, and servers on copies. Expects $root, dotnet.sh and postgres.sh.

# The product: ./run, or what $GONGJI says, such as "dotnet /opt/gongji/Gongji.Api.dll".
read -r -a product <<<"${GONGJI:-$root/run}"

# Set by copy_server_start, for copy_server_stop.
sockets=
served=

# copy_server_start FOLDER [settings]: a PostgreSQL on FOLDER/data that nobody but this user reaches: no address, a socket in a folder of its own.
# What the copy's own configuration says about archives, standbys and libraries is not for a copy. The copy of a standby would wait for its primary for ever.
copy_server_start() {
  local folder=$1 programs
  shift
  programs=$(postgres_programs)
  if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi
  sockets=$(mktemp -d)
  if [ "$(id -u)" = 0 ]; then chown postgres "$sockets"; fi
  as_postgres test -x "$folder/data" || die "the user postgres, as whom PostgreSQL runs, cannot enter $folder: let others pass through the folders above it (chmod o+x)."
  printf 'local all all trust\n' | as_postgres tee "$sockets/hba" >/dev/null
  as_postgres touch "$sockets/postgresql.conf"
  served=$folder/data
  as_postgres rm -f "$served/standby.signal"
  as_postgres "$programs/pg_ctl" -D "$served" -w -t 86400 -l "$folder/log" -o "-c config_file=$sockets/postgresql.conf -c data_directory=$served -c hba_file=$sockets/hba \
    -c listen_addresses='' -c unix_socket_directories=$sockets -c port=5432 -c archive_mode=off -c hot_standby=off -c primary_conninfo='' -c synchronous_standby_names='' \
    -c shared_preload_libraries='' -c max_connections=50 $*" start >/dev/null \
    || { as_postgres tail -n 20 "$folder/log" >&2; die "PostgreSQL does not start on $served; the end of $folder/log is above."; }

  # pg_ctl does not wait until all of an archive is in.
  until "$programs/pg_isready" -q -h "$sockets" -p 5432; do
    as_postgres "$programs/pg_ctl" -D "$served" status >/dev/null \
      || { as_postgres tail -n 20 "$folder/log" >&2; die "PostgreSQL ended while it restored $served; the end of $folder/log is above."; }
    sleep 0.2
  done
}

copy_server_stop() {
  if [ -n "$served" ]; then as_postgres "$(postgres_programs)/pg_ctl" -D "$served" -m fast -w stop >/dev/null 2>&1 || true; fi
  served=
  if [ -n "$sockets" ]; then rm -rf "$sockets"; fi
  sockets=
}

# audit_copy_server OWNER DATABASE [options of audit]: audits the ledger of the server that copy_server_start has started.
audit_copy_server() { "${product[@]}" audit --postgres "Host=$sockets;Port=5432;Username=$1;Database=$2" "${@:3}"; }

# absolute PATH: a path that holds from any folder.
absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac }

# need OPTION [VALUE …]: refuses an option that ends the command line.
need() { [ $# -ge 2 ] || die "$1 needs a value."; }
