#!/usr/bin/env bash
# Collects from a Power Platform tenant what `envdeck import FOLDER` reads.
#
#   bash collect.sh FOLDER [CLOUD]      CLOUD: public (as without it), gcc, gcc-high, dod or china
#
# It only reads: every request is a GET. It signs nobody in: run `az login --allow-no-subscriptions` before, as an admin
# who sees all environments. Access tokens stay in memory. What cannot be collected is noted in FOLDER/problems.json, and
# envdeck takes it as unknown. It needs az, curl and jq.
#
# The folder then holds names of environments, flows and mailboxes, and the users of the tenant: only you can read it.
set -uo pipefail
umask 077

fail() {
  printf 'collect: %s\n' "$1" >&2
  exit "${2:-2}"
}

folder=${1:-}
cloud=${2:-public}
if [ -z "$folder" ] || [ $# -gt 2 ]; then
  fail 'say into which folder: bash collect.sh FOLDER [CLOUD]'
fi
case $cloud in
  public) admin=api.bap.microsoft.com apps=api.powerapps.com flow=api.flow.microsoft.com graph=graph.microsoft.com
    service=https://service.powerapps.com/ flow_service=https://service.flow.microsoft.com/ ;;
  gcc) admin=gov.api.bap.microsoft.us apps=gov.api.powerapps.us flow=gov.api.flow.microsoft.us graph=graph.microsoft.com
    service=https://gov.service.powerapps.us/ flow_service=https://gov.service.flow.microsoft.us/ ;;
  gcc-high) admin=high.api.bap.microsoft.us apps=high.api.powerapps.us flow=high.api.flow.microsoft.us graph=graph.microsoft.us
    service=https://high.service.powerapps.us/ flow_service=https://high.service.flow.microsoft.us/ ;;
  dod) admin=api.bap.appsplatform.us apps=api.apps.appsplatform.us flow=api.flow.appsplatform.us graph=dod-graph.microsoft.us
    service=https://service.apps.appsplatform.us/ flow_service=https://service.flow.appsplatform.us/ ;;
  china) admin=api.bap.partner.microsoftonline.cn apps=api.powerapps.cn flow=api.powerautomate.cn graph=microsoftgraph.chinacloudapi.cn
    service=https://service.powerapps.cn/ flow_service=https://service.powerautomate.cn/ ;;
  *) fail "there is no cloud $cloud: public, gcc, gcc-high, dod or china" ;;
esac
for tool in az curl jq; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done
mkdir -p "$folder" || exit 3
[ -z "$(ls -A "$folder")" ] || fail "$folder is not empty: name a new folder"
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

tenant=$(az account show --query tenantId --output tsv | tr -d '\r')
[ -n "$tenant" ] || fail 'nobody is signed in: run az login --allow-no-subscriptions first' 1
operator=$(az account show --query user.name --output tsv | tr -d '\r')
problems=0

now() {
  date -u +%Y-%m-%dT%H:%M:%SZ
}

# note WHAT ENVIRONMENT MESSAGE: what is missing, so that nobody takes it for nothing.
note() {
  problems=$((problems + 1))
  printf '  %s: %s\n' "$1" "$3" >&2
  jq -cn --arg what "$1" --arg environment "$2" --arg message "$3" --arg at "$(now)" \
    '{kind: "problem", what: $what, message: $message, collected_at: $at} + if $environment == "" then {} else {environment: $environment} end' \
    >>"$folder/problems.json"
}

held='' token='' since=0
# token_for RESOURCE: a token, asked for again before it expires.
token_for() {
  if [ "$held" != "$1" ] || [ $((SECONDS - since)) -gt 1200 ]; then
    held=''
    token=$(az account get-access-token --resource "$1" --query accessToken --output tsv 2>"$work/said" | tr -d '\r')
    [ -n "$token" ] || return 1
    held=$1 since=$SECONDS
  fi
}

# get RESOURCE URL: one page into $work/page; otherwise why not, in $work/said.
get() {
  local status
  token_for "$1" || return 1
  # The token goes over standard input, so that no list of processes shows it.
  status=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --config - --silent --show-error --request GET --header 'Accept: application/json' --retry 5 --max-time 300 \
      --output "$work/page" --write-out '%{http_code}' "$2" 2>"$work/said") || return 1
  if [ "$status" != 200 ]; then
    printf 'HTTP %s %s' "$status" "$(jq -r '.error.message? // .message? // empty' "$work/page" 2>/dev/null | head -c 300)" >"$work/said"
    return 1
  fi
  jq -e 'type == "object"' "$work/page" >/dev/null 2>&1 && return 0
  echo 'the answer is no JSON' >"$work/said"
  return 1
}

# collect KIND ENVIRONMENT RESOURCE URL FILE: all pages of a list into one envelope, or a note and no file.
collect() {
  local kind=$1 environment=$2 resource=$3 next=$4 comma='' host
  host=$(printf '%s' "$4" | cut -d/ -f1-3)
  jq -cn --arg kind "$kind" --arg tenant "$tenant" --arg environment "$environment" --arg operator "$operator" --arg at "$(now)" \
    '{kind: $kind, tenant: $tenant, collected_at: $at, collected_by: $operator} + if $environment == "" then {} else {environment: $environment} end' |
    sed 's/}$/,"payload":[/' >"$work/envelope"
  while [ -n "$next" ]; do
    if ! get "$resource" "$next"; then
      note "$kind" "$environment" "$(head -c 400 "$work/said" | tr '\r\n' '  ')"
      return 1
    fi
    printf '%s' "$comma" >>"$work/envelope"
    cat "$work/page" >>"$work/envelope"
    comma=,
    next=$(jq -r '.nextLink? // .["@odata.nextLink"]? // empty' "$work/page")
    case $next in
      '' | "$host"/*) ;;
      *) note "$kind" "$environment" 'the next page is on another server, which gets no token'; return 1 ;;
    esac
  done
  printf ']}\n' >>"$work/envelope"
  mv "$work/envelope" "$folder/$5.json"
}

platform="https://$admin/providers/Microsoft.BusinessAppPlatform"
echo "collect: environments of $tenant" >&2
collect environments '' "$service" "$platform/scopes/admin/environments?api-version=2021-04-01&\$expand=properties.capacity,properties.addons" environments ||
  fail 'without the list of environments there is nothing to collect' 1
collect deleted-environments '' "$service" "$platform/scopes/admin/deletedEnvironments?api-version=2021-04-01" deleted-environments
jq -r '.payload[].value[]? | [.name, (.properties.linkedEnvironmentMetadata.instanceUrl // "-"), (.properties.displayName // .name)] | @tsv' \
  "$folder/environments.json" >"$work/list"
total=$(wc -l <"$work/list" | tr -d ' ')
number=0
while IFS=$'\t' read -r id url name <&3; do
  number=$((number + 1))
  echo "collect: $number of $total: $name" >&2
  file=$(printf '%s' "$id" | tr -c 'A-Za-z0-9.-' _)
  collect operations "$id" "$service" "$platform/lifecycleOperations?api-version=2024-05-01&\$filter=environment%20eq%20'$id'" "$file-operations"
  collect flows "$id" "$flow_service" "https://$flow/providers/Microsoft.ProcessSimple/scopes/admin/environments/$id/v2/flows?api-version=2016-11-01" "$file-flows"
  collect apps "$id" "$service" "https://$apps/providers/Microsoft.PowerApps/scopes/admin/environments/$id/apps?api-version=2016-11-01" "$file-apps"
  # The rest lives in the database.
  case $url in https://*) ;; *) continue ;; esac
  collect backups "$id" "$service" "$platform/scopes/admin/environments/$id/backups?api-version=2021-04-01" "$file-backups"
  data="${url%/}/api/data/v9.2"
  collect mailboxes "$id" "${url%/}" "$data/mailboxes?\$select=mailboxid,name,emailaddress,incomingemaildeliverymethod,outgoingemaildeliverymethod,actdeliverymethod" "$file-mailboxes"
  collect connectionreferences "$id" "${url%/}" "$data/connectionreferences?\$select=connectionreferenceid,connectionreferencelogicalname,connectionreferencedisplayname,connectionid,connectorid" "$file-connectionreferences"
  collect workflows "$id" "${url%/}" "$data/workflows?\$select=workflowid,name,category,statecode,clientdata&\$filter=category%20eq%205%20and%20type%20eq%201" "$file-workflows"
  collect sdkmessageprocessingsteps "$id" "${url%/}" "$data/sdkmessageprocessingsteps?\$select=sdkmessageprocessingstepid,name,statecode&\$filter=customizationlevel%20eq%201" "$file-sdkmessageprocessingsteps"
  collect systemusers "$id" "${url%/}" "$data/systemusers?\$select=systemuserid,domainname,isdisabled,accessmode,applicationid,islicensed" "$file-systemusers"
done 3<"$work/list"
echo 'collect: users with licences' >&2
collect users '' "https://$graph/" "https://$graph/v1.0/users?\$select=userPrincipalName,accountEnabled,assignedLicenses&\$top=999" users
if [ "$problems" -gt 0 ]; then
  echo "collect: done; not collected: $problems, see $folder/problems.json" >&2
  exit 1
fi
echo "collect: done; now run envdeck import $folder" >&2
