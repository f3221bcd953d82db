#!/usr/bin/env bash
# rotate.sh ENDPOINT FOLDER GRANTS
# Keeps refresh tokens in files by curl, jq and mv: each successor is on the disk before it takes the
# place of its predecessor. A line "IN_FLIGHT MILLIS" makes it rotate for so long, one by one; it
# answers how many it did.
set -euo pipefail
endpoint=$1/tenant/oauth2/v2.0/token folder=$2 grants=$3
answer=$(mktemp) grant=0

now_millis() { printf -v "$1" %s "$((${EPOCHREALTIME/[.,]/} / 1000))"; }

rotate() { # NAME
  local token=$folder/$1
  curl --silent --show-error --fail --max-time 30 --output "$answer" \
    --data grant_type=refresh_token \
    --data client_id=66666666-7777-8888-9999-000000000000 \
    --data client_secret=bench-client-secret \
    --data-urlencode "scope=https://api.partnercenter.microsoft.com/user_impersonation" \
    --data-urlencode "refresh_token@$token" \
    "$endpoint"
  jq --exit-status --join-output .refresh_token "$answer" > "$token.new"
  sync "$token.new"
  mv "$token.new" "$token"
}

umask 077
for ((i = 0; i < grants; i++)); do printf %s "1.first-token-of-$i" > "$folder/$i"; done
echo ready
while read -r _ millis; do
  count=0
  now_millis now
  end=$((now + millis))
  while ((now < end)); do
    rotate "$((grant++ % grants))"
    count=$((count + 1))
    now_millis now
  done
  echo "$count"
done
rm -f "$answer"
