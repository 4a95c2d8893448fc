#!/bin/sh
# sudo sh deploy/tls.sh NAME: Debian's Caddy in front of the program, with a certificate authority of this computer's own.
# NAME is what tablets open, for example frontdesk.local. Run it again at will; it changes nothing that is already so.
set -eu

name="${1:-}"
case "$name" in
  "" | *[!a-zA-Z0-9.-]*) echo "Usage: sudo sh deploy/tls.sh NAME   (as frontdesk.local; letters, digits, dots, hyphens)" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || { echo "Run it with sudo: it installs Caddy and writes to /etc/caddy." >&2; exit 2; }
program="$(cd "$(dirname "$0")/.." && pwd)"
owner="$(stat -c %U "$program")"
port="${MEDSPA_PORT:-8501}"

command -v caddy >/dev/null || { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends install caddy; }

if [ -f /etc/caddy/Caddyfile ] && ! grep -q "MedSpa Consult" /etc/caddy/Caddyfile; then
  cp -p /etc/caddy/Caddyfile "/etc/caddy/Caddyfile.before-medspa"
fi
sed -e "s/{\$MEDSPA_NAME}/$name/" -e "s/{\$MEDSPA_PORT:8501}/$port/" -e "s/{\$MEDSPA_HTTP_PORT:80}/80/" \
  "$program/deploy/Caddyfile" > /etc/caddy/Caddyfile.new
caddy validate --adapter caddyfile --config /etc/caddy/Caddyfile.new
mv /etc/caddy/Caddyfile.new /etc/caddy/Caddyfile

settings="$program/medspa.toml"
if [ ! -f "$settings" ] || ! grep -q '^public_url' "$settings"; then
  printf 'public_url = "https://%s"\n' "$name" >> "$settings"
else
  sed -i "s|^public_url.*|public_url = \"https://$name\"|" "$settings"
fi
chown "$owner" "$settings"

systemctl enable --quiet caddy
systemctl restart caddy  # admin is off, so Caddy is restarted, not reloaded
root=/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt
n=0; while [ ! -f "$root" ] && [ $n -lt 20 ]; do sleep 1; n=$((n + 1)); done
cp "$root" "$program/medspa-root.crt" && chown "$owner" "$program/medspa-root.crt"

echo
echo "Done. Start the program again (make run), then put this file on each tablet and trust it:"
echo "  $program/medspa-root.crt"
openssl x509 -in "$program/medspa-root.crt" -noout -fingerprint -sha256 2>/dev/null || true
echo "Tablets open  https://$name   (docs/TLS.md says how, step by step)"
