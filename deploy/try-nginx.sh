#!/usr/bin/env bash
# Try the deployment as docs/deployment.md describes it: production mode, gunicorn behind nginx with TLS, on free ports, with
# a self-signed certificate, on a database of its own. Needs nginx and openssl; as root on Debian it installs them.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=.venv/bin/python

have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }
PATH="$PATH:/usr/sbin"
if ! { have nginx && have openssl && have curl; }; then
    if [ "$(id -u)" = 0 ] && have apt-get; then
        echo "Installing nginx"
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update >/dev/null
        apt-get -qq install -y --no-install-recommends nginx-light openssl curl >/dev/null
    else
        echo "nginx, openssl and curl are needed: install them and run this again." >&2
        exit 1
    fi
fi

FOLDER="$(mktemp -d)"
mkdir "$FOLDER/nginx" # nginx gives it to its worker's user
SERVING=()
finish() {
    for pid in ${SERVING[@]+"${SERVING[@]}"}; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$FOLDER"
}
trap finish EXIT

read -r WEB HTTP HTTPS < <($PYTHON - <<'PY'
import socket
probes = [socket.socket() for _ in range(3)]
for probe in probes:
    probe.bind(("127.0.0.1", 0))
print(*(probe.getsockname()[1] for probe in probes))
PY
)

openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=erp.example.test \
    -keyout "$FOLDER/key.pem" -out "$FOLDER/cert.pem" 2>/dev/null

sed -e "s#127.0.0.1:8000#127.0.0.1:$WEB#" -e "s#listen 80;#listen 127.0.0.1:$HTTP;#" \
    -e "s#listen 443 ssl;#listen 127.0.0.1:$HTTPS ssl;#" -e "s#/etc/ssl/certs/erp.example.test.pem#$FOLDER/cert.pem#" \
    -e "s#/etc/ssl/private/erp.example.test.key#$FOLDER/key.pem#" deploy/nginx.conf > "$FOLDER/site.conf"
cat > "$FOLDER/nginx.conf" <<NGINX
daemon off;
pid $FOLDER/nginx.pid;
error_log $FOLDER/error.log;
worker_processes 1;
events { worker_connections 64; }
http {
    types { text/html html; text/css css; text/javascript js; image/svg+xml svg; }
    access_log $FOLDER/access.log;
    client_body_temp_path $FOLDER/nginx; proxy_temp_path $FOLDER/nginx; fastcgi_temp_path $FOLDER/nginx;
    uwsgi_temp_path $FOLDER/nginx; scgi_temp_path $FOLDER/nginx;
    include $FOLDER/site.conf;
}
NGINX

export INEAT_MODE=production INEAT_DATA="$FOLDER/data" ALLOWED_HOSTS=erp.example.test PORT="$WEB" WEB_CONCURRENCY=1
SECRET_KEY="$($PYTHON -c 'import secrets; print(secrets.token_urlsafe(50))')"
export SECRET_KEY
export EMAIL_URL=smtp://127.0.0.1:25 DEFAULT_FROM_EMAIL=erp@erp.example.test  # no mail is sent here
unset DEBUG INEAT_HOST || true

echo "release"
$PYTHON manage.py check --deploy --fail-level WARNING
$PYTHON manage.py release --verbosity 0
echo "web, worker, nginx"
$PYTHON -m gunicorn -c deploy/gunicorn.py ineat.wsgi > "$FOLDER/web.log" 2>&1 & SERVING+=($!)
$PYTHON manage.py run_huey -w 1 -g TERM > "$FOLDER/worker.log" 2>&1 & SERVING+=($!)
nginx -p "$FOLDER" -c "$FOLDER/nginx.conf" 2>> "$FOLDER/error.log" & SERVING+=($!)

ask() { curl -sS --max-time 20 --cacert "$FOLDER/cert.pem" --resolve "erp.example.test:$HTTPS:127.0.0.1" "$@"; }
SITE="https://erp.example.test:$HTTPS"
fail() { echo "FAILED: $1" >&2; tail -n 20 "$FOLDER"/*.log >&2; exit 1; }
expect() { # what, pattern, file
    grep -qiE "$2" "$3" || { cat "$3" >&2; fail "$1"; }
    echo "  $1"
}

for _ in $(seq 1 150); do
    [ "$(ask -o /dev/null -w '%{http_code}' "$SITE/readyz" 2>/dev/null || true)" = 200 ] && break
    for pid in "${SERVING[@]}"; do kill -0 "$pid" 2>/dev/null || fail "a part ended"; done
    sleep 0.2
done

ask -D "$FOLDER/head" -o "$FOLDER/page" "$SITE/accounts/login/" || fail "nobody answers"
expect "the sign-in page answers" "^HTTP/[0-9.]+ 200" "$FOLDER/head"
expect "HSTS for a year, subdomains included" "^strict-transport-security: max-age=31536000; includeSubDomains" "$FOLDER/head"
expect "the content policy forbids what it does not name" "^content-security-policy:.*default-src 'none'" "$FOLDER/head"
expect "the request has an id" "^x-request-id: [0-9a-f]{32}" "$FOLDER/head"
expect "cookies are for TLS only" "^set-cookie: .*; secure" "$FOLDER/head"
if grep -i '^set-cookie:' "$FOLDER/head" | grep -qiv 'secure'; then fail "a cookie travels without TLS"; fi

STATIC="$(grep -oE '/static/app\.[0-9a-f]+\.css' "$FOLDER/page" | head -n 1)"
[ -n "$STATIC" ] || fail "the page names no style sheet with a hash"
ask -D "$FOLDER/head" -o /dev/null -H 'Accept-Encoding: gzip' "$SITE$STATIC"
expect "static files may be kept for years" "^cache-control: max-age=315360000, public, immutable" "$FOLDER/head"
expect "static files travel compressed" "^content-encoding: gzip" "$FOLDER/head"

curl -sS -D "$FOLDER/head" -o /dev/null -H 'Host: erp.example.test' "http://127.0.0.1:$HTTP/accounts/login/"
expect "plain HTTP leads to TLS" "^location: https://erp.example.test" "$FOLDER/head"
ask -D "$FOLDER/head" -o /dev/null -H 'Host: evil.example.test' "$SITE/accounts/login/"
expect "another host name is refused" "^HTTP/[0-9.]+ 400" "$FOLDER/head"
curl -sS -D "$FOLDER/head" -o /dev/null -H 'Host: erp.example.test' "http://127.0.0.1:$WEB/accounts/login/"
expect "gunicorn alone sends visitors to TLS" "^HTTP/[0-9.]+ 301" "$FOLDER/head"
ask -o "$FOLDER/ready" "$SITE/readyz"
expect "it is ready" '"database": "ok", "migrations": "ok"' "$FOLDER/ready"
expect "the log is JSON with the request's id" '"request_id": ?"[0-9a-f]{32}"' "$FOLDER/web.log"
echo "The deployment works."
