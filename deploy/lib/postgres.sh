# Sourced: starts and stops a PostgreSQL of the script's own, from Debian's programs, on a free loopback port.

postgres_programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || echo $((20000 + RANDOM)); }

# postgres_start FOLDER: prints the port.
postgres_start() {
  local folder=$1 programs port
  programs=$(postgres_programs)
  [ -n "$programs" ] || die "PostgreSQL's programs are not installed: apt-get install postgresql"
  mkdir -p "$folder"
  chmod 755 "$(dirname "$folder")"
  if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
  port=$(free_port)
  as_postgres "$programs/initdb" -D "$folder/data" -U gongji -A trust -E UTF8 --locale=C >/dev/null
  as_postgres "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200" start >/dev/null
  printf '%s' "$port"
}

postgres_stop() { as_postgres "$(postgres_programs)/pg_ctl" -D "$1/data" -m fast -w stop >/dev/null 2>&1 || true; }
