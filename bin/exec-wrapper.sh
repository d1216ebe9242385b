#!/bin/sh
# Becomes a program that does not outlive the process that started it:
#   exec-wrapper.sh -supervise MODE,MEMORY_KIB,CPU_S,FILE_KIB PROGRAM [ARGUMENT...]
# Limits of 0 are none. MODE auto: the kernel's parent-death signal where there is one (Linux), else a watcher; MODE watch: the watcher.
# The watcher kills the program when stdin ends, which it does when the parent dies: the program itself reads /dev/null.
set -u
if [ "${1:-}" != '-supervise' ] || [ $# -lt 3 ]; then
  echo "exec-wrapper.sh: expected -supervise LIMITS PROGRAM, got: $*" >&2
  exit 64
fi
limits=$2
program=$3
shift 3
IFS=, read -r mode memory_kib cpu_s file_kib <<LIMITS
$limits
LIMITS

# A system that cannot hold a limit (macOS knows none on memory) runs without it.
[ "$memory_kib" = 0 ] || ulimit -v "$memory_kib" 2>/dev/null || true
[ "$cpu_s" = 0 ] || ulimit -t "$cpu_s" 2>/dev/null || true
[ "$file_kib" = 0 ] || ulimit -f "$((file_kib * 2))" 2>/dev/null || true

if ! command -v "$program" >/dev/null 2>&1; then
  echo "exec-wrapper.sh: $program: not found" >&2
  exit 127
fi
if [ "$mode" = auto ] && [ -d /proc/self ] && setpriv --help 2>/dev/null | grep -q -- --pdeathsig; then
  # In a session of its own: Ctrl-C is for the process that started it, which ends it in its turn.
  exec setsid setpriv --pdeathsig KILL "$program" "$@"
fi
pid=$$
exec 3<&0
(cat <&3 >/dev/null 2>&1; kill -KILL "$pid" 2>/dev/null) >/dev/null 2>&1 &
exec 3<&- </dev/null
exec "$program" "$@"
