#!/usr/bin/env bash
# Runs the recipe of each language that is installed. `../run.sh recipes/run.sh` starts a simulator and calls it. The recipe
# for Java needs a TLS listener on port 443, so it starts a simulator of its own.
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
pid=
stop() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT
ran=0

if command -v go >/dev/null; then
  cp go/* "$folder/"
  (cd "$folder" && go test -count=1 .)
  ran=$((ran + 1))
else
  echo "go: skipped, it is not installed"
fi

if command -v php >/dev/null; then
  php php/recipe.php
  ran=$((ran + 1))
else
  echo "php: skipped, it is not installed"
fi

if command -v javac >/dev/null; then
  # another address than 127.0.0.1, so that a server of this machine on port 443 does not matter
  "${SIMULATOR_PROGRAM:?}" --listen 127.0.0.1:0 --tls-listen 127.0.0.9:443 --phone-listen 127.0.0.1:0 >"$folder/addresses" &
  pid=$!
  for _ in $(seq 100); do grep -q '^the phone' "$folder/addresses" && break; sleep 0.1; done
  url=$(sed -n 's|^simulated WeChat  *\(http://[^/]*\)/.*|\1|p' "$folder/addresses")
  echo "127.0.0.9 api.mch.weixin.qq.com" >"$folder/hosts"
  curl --noproxy '*' -sf "$url/_simulator/account" | node -pe 'JSON.parse(require("fs").readFileSync(0)).ca_pem' >"$folder/ca.pem"
  keytool -importcert -noprompt -alias simulator -file "$folder/ca.pem" -keystore "$folder/trust.p12" -storepass changeit 2>/dev/null
  javac -d "$folder" java/Recipe.java
  SIMULATOR_URL=$url java -Djdk.net.hosts.file="$folder/hosts" -Djavax.net.ssl.trustStore="$folder/trust.p12" \
    -Djavax.net.ssl.trustStorePassword=changeit \
    -cp "$folder" Recipe
  ran=$((ran + 1))
else
  echo "java: skipped, there is no JDK"
fi
echo "test result: ok. $ran of 3 recipes ran"
