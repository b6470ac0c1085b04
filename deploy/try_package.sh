#!/bin/sh
# Installs one package on a bare Debian and uses it: the argument is the tar.gz or the .deb.
set -eu

for absent in python3 gcc g++ cc cmake; do
  if command -v "$absent" >/dev/null; then
    echo "this root has $absent, so it proves nothing" >&2
    exit 1
  fi
done

case "$1" in
  *.tar.gz)
    mkdir -p /opt
    gzip -dc "$1" | tar -x -C /opt
    prefix=$(echo /opt/weir-*)
    weir=$prefix/bin/weir
    share=$prefix/share
    unit=$share/systemd/weir.service
    ;;
  *.deb)
    dpkg --install "$1"
    weir=/usr/bin/weir
    share=/usr/share
    unit=/lib/systemd/system/weir.service
    ;;
esac

"$weir" version
for file in "$share/man/man1/weir.1" "$share/bash-completion/completions/weir" \
  "$share/zsh/site-functions/_weir" "$share/fish/vendor_completions.d/weir.fish" \
  "$share/doc/weir/LICENSE" "$unit"; do
  test -s "$file" || { echo "missing: $file" >&2; exit 1; }
done
grep -q '^Type=notify$' "$unit"

home=/tmp/home
"$weir" serve --home "$home" --listen 127.0.0.1:18080 >/tmp/serve.log 2>&1 &
server=$!
tries=0
until "$weir" status --home "$home" >/dev/null 2>&1 && test -s "$home/run/token"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ]; then
    cat /tmp/serve.log >&2
    exit 1
  fi
  sleep 0.1
done
"$weir" apply --home "$home" -R -f /tmp/hello
"$weir" get workspaces --home "$home"
kill -TERM "$server"
wait "$server"

case "$1" in
  *.deb)
    dpkg --remove weir
    test ! -e /usr/bin/weir
    ;;
esac
echo "ok: $1"
