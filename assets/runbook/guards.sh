# --- Below, every runbook is the same: what guards it, and how it goes from step to step. ---

export TZ=UTC
# Bash on Windows takes a word that begins with a slash for a path and rewrites it, unless it is told not to.
export MSYS_NO_PATHCONV=1 MSYS2_ARG_CONV_EXCL='*'
dry_run=''
check_only=''
progress=''
environments=''
current=''
current_title=''
current_again=''
explained=''
locked=''
why=''
accepted_names=()
accepted_types=()
gone_is_fine=''

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }

# Where it stands: what was done, what was begun and may still run, and how to go on.
where_it_stands() {
    local at
    [ -n "$current" ] && [ -z "$dry_run" ] && [ -n "$progress" ] || return 0
    for ((at = 1; at < current; at++)); do
        if was 'done' "$at"; then complain "  step $at was done at $(when_was 'done' "$at")"; fi
    done
    if was begun "$current"; then
        complain "Step $current of $steps was begun at $(when_was begun "$current"): $current_title"
        complain "$current_again"
        complain 'It may still be running: see pac admin status, and the history of the environment in the admin center.'
    else
        complain "Step $current of $steps was not begun by a command: $current_title"
    fi
    complain "Then run this again: what was done is passed over, and what was begun is asked about. ($progress)"
}

# Ends because something is not as it has to be, or was not answered.
stop() {
    explained=yes
    complain "Stopped: $*"
    where_it_stands
    exit 1
}

usage() {
    say "$heading"
    say ''
    say "bash ${0##*/}             guards, then step by step; asks for the name of the target first"
    say "bash ${0##*/} --check     the guards alone: nothing is changed"
    say "bash ${0##*/} --dry-run   print what would be done: nothing is asked of the tenant"
}

# However it ends. A signal leaves here the status of whatever command ended last, so what counts is whether a reason was given.
leave() {
    unlock
    if [ -z "$explained" ]; then
        complain ''
        if [ -n "$current" ]; then
            complain "Interrupted in step $current of $steps."
            where_it_stands
        else
            complain 'Interrupted between the steps: nothing is running that this run began.'
        fi
    fi
}

# --- One run at a time: two would each see that a step was not begun yet, and both begin it. ---

lock() {
    local folder="$progress.lock" owner=''
    if ! mkdir -- "$folder" 2>/dev/null; then
        [ -d "$folder" ] || stop "$folder cannot be made: without it two runs of this runbook could begin the same change."
        [ ! -r "$folder/owner" ] || IFS= read -r owner <"$folder/owner" || true
        complain "Another run of this runbook is going on${owner:+: $owner}."
        complain 'If there is none any more, it was killed: see first whether what it began still runs (pac admin status, and the history'
        complain 'of the environment in the admin center), then remove what it left behind and run this again:'
        complain "    rm -r -- $(printf '%q' "$folder")"
        stop 'Nothing was begun by this run.'
    fi
    locked=yes
    printf 'process %s on %s, since %s\n' "$$" "${HOSTNAME:-this machine}" "$(date -u '+%Y-%m-%dT%H:%M:%SZ')" >"$folder/owner" || true
}

unlock() {
    [ -n "$locked" ] || return 0
    locked=''
    rm -rf -- "$progress.lock"
}

# --- Progress: one line for each step that was begun or done, in a file beside this one. ---

open_progress() {
    local script=${BASH_SOURCE[0]:-} folder
    if [ -z "$script" ] || [ ! -f "$script" ]; then
        stop 'Save this runbook as a file and run that: it asks questions and keeps its progress beside itself.'
    fi
    folder=$(cd "$(dirname -- "$script")" && pwd) || stop 'Its folder cannot be entered.'
    progress="$folder/$runbook.progress"
}

was() { [ -f "$progress" ] && grep -q "^$1 $2 " "$progress"; }
when_was() { sed -n "s/^$1 $2 //p" "$progress" | tail -n 1; }
note() {
    printf '%s %s %s\n' "$1" "$2" "$(date -u '+%Y-%m-%dT%H:%M:%SZ')" >>"$progress" ||
        stop "$progress cannot be written: without it this runbook does not know what was done."
}
touched() { was offered "$1" || was begun "$1" || was 'done' "$1"; }

# --- Guards ---

guard_tools() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || stop "$tool is not on the PATH. pac: https://aka.ms/PowerPlatformCLI; jq: https://jqlang.org"
    done
}

guard_age() {
    local now
    now=$(date -u '+%s')
    [ "$now" -ge $((judged_epoch - 300)) ] || stop "The clock says that the verdict of $judged_at lies ahead: set the clock."
    [ "$now" -lt "$valid_until_epoch" ] || stop "The verdict of $judged_at held until $valid_until: capture the tenant, judge again and take the runbook anew."
    if [ -n "$window_from_epoch" ]; then
        [ "$now" -ge "$window_from_epoch" ] || stop "The window of the change opens at $window_from."
        [ "$now" -lt "$window_to_epoch" ] || stop "The window of the change closed at $window_to."
    fi
}

guard_tenant() {
    local answer signed_in
    answer=$(pac auth who 2>&1) || { complain "$answer"; stop "Nobody is signed in: $sign_in"; }
    signed_in=$(printf '%s\n' "$answer" | tr -d '\r' | sed -n 's/^.*[Tt]enant *[Ii][Dd][[:space:]]*:[[:space:]]*\([0-9A-Fa-f-]\{36\}\).*$/\1/p' | sed -n '1p' | tr '[:upper:]' '[:lower:]')
    [ -n "$signed_in" ] || { complain "$answer"; stop 'pac auth who does not say in which tenant you are signed in.'; }
    [ "$signed_in" = "$(printf '%s' "$tenant_id" | tr '[:upper:]' '[:lower:]')" ] ||
        stop "You are signed in to the tenant $signed_in; this was judged in $tenant_id ($tenant_name): pac auth list, pac auth select, or $sign_in"
}

# The list of environments; fails, and leaves the reason in why, where there is none.
look_up() {
    local answer listed
    answer=$(pac admin list --json) || { why='pac admin list failed.'; return 1; }
    # Lines of prose stand before the list, some of which may begin with a bracket too.
    listed=$(printf '%s\n' "$answer" | tr -d '\r' | sed -nE '/^[[:space:]]*\[[[:space:]]*(\{|\]|$)/,$p' | { jq -c 'select(type == "array")' 2>/dev/null || true; } | sed -n '1p')
    [ -n "$listed" ] || { complain "$answer"; why='pac admin list --json gave no list.'; return 1; }
    environments=$listed
}
read_environments() { look_up || stop "$why"; }

# The field of the one environment with that id; nothing where there is none.
field() {
    jq -r --arg id "$1" --arg key "$2" \
        '[.[] | select((.EnvironmentId // "" | ascii_downcase) == ($id | ascii_downcase))] | if length == 1 then .[0][$key] // "" else empty end' <<<"$environments" |
        tr -d '\r'
}
is_there() { [ -n "$(field "$1" EnvironmentId)" ]; }
# An empty list shows nothing: a tenant has its default environment at least.
is_gone() { jq -e --arg id "$1" 'length > 0 and all(.[]; (.EnvironmentId // "" | ascii_downcase) != ($id | ascii_downcase))' <<<"$environments" >/dev/null; }
is_so() { is_there "$1" && [ "$(field "$1" DisplayName)" = "$2" ] && { [ -z "$3" ] || [ "$(field "$1" Type)" = "$3" ]; }; }
is_named() { jq -e --arg name "$1" 'any(.[]; .DisplayName == $name)' <<<"$environments" >/dev/null; }
has_url() {
    local url
    url=$(field "$1" EnvironmentUrl)
    [ "${url%/}" = "${2%/}" ]
}

accept() {
    accepted_names+=("$1")
    accepted_types+=("$2")
}

# What the target may be called and of which type it may be now: as it was judged, or as a step that was begun leaves it.
guard_target() {
    local name type at
    accepted_names=()
    accepted_types=()
    gone_is_fine=''
    accept "$target_name" "$target_type"
    expectations
    if [ "$target_stands" = not-yet ]; then
        if is_named "$target_name" && [ -z "$gone_is_fine" ]; then
            stop "There is an environment called $target_name already."
        fi
        return 0
    fi
    if ! is_there "$target_id"; then
        [ "$target_stands" = deleted ] || [ -n "$gone_is_fine" ] || stop "The target $target_id ($target_name) is not in this tenant, or pac shows it twice."
        return 0
    fi
    [ "$target_stands" != deleted ] || [ -n "$gone_is_fine" ] || stop "$target_name ($target_id) is not deleted: there is nothing to recover."
    name=$(field "$target_id" DisplayName)
    type=$(field "$target_id" Type)
    for at in "${!accepted_names[@]}"; do
        if [ "$name" = "${accepted_names[$at]}" ] && { [ "$type" = "${accepted_types[$at]}" ] || [ -z "${accepted_types[$at]}" ]; }; then
            return 0
        fi
    done
    stop "The target $target_id was judged as $target_name${target_type:+, $target_type}; it is now $name, $type. Capture the tenant and judge again."
}

guard_source() {
    [ -n "$source_id" ] || return 0
    is_there "$source_id" || stop "The source $source_id ($source_name) is not in this tenant."
    [ "$(field "$source_id" DisplayName)" = "$source_name" ] ||
        stop "The source $source_id was judged as $source_name; it is now $(field "$source_id" DisplayName). Capture the tenant and judge again."
}

guards() {
    guard_age
    guard_tenant
    read_environments
    guard_target
    guard_source
}

confirm_type() {
    local type answer=''
    [ -z "$target_type" ] && [ "$target_stands" = there ] || return 0
    type=$(field "$target_id" Type)
    printf 'Of which type %s is was unknown when it was judged. It is %s. Type yes if that is right: ' "$target_name" "$type"
    IFS= read -r answer || true
    [ "$answer" = yes ] || stop 'Nothing was changed.'
}

confirm_name() {
    local typed=''
    printf 'Type the name of the target to go on: '
    IFS= read -r typed || true
    [ "$typed" = "$target_name" ] || stop 'That is not its name. Nothing was changed.'
}

# --- Steps ---

# Whether a step is to be done now: number, title, what is safe after a failure.
step() {
    local answer=''
    current=$1
    current_title=$2
    current_again=$3
    say ''
    say "[$1/$steps] $2"
    if was 'done' "$1"; then
        say "        Done at $(when_was 'done' "$1"): passed over."
        return 1
    fi
    if [ -z "$dry_run" ] && was begun "$1"; then
        say "        Begun at $(when_was begun "$1"), and nothing says how it ended."
        say '        Look first: pac admin status, and the history of the environment in the admin center.'
        printf '        Type again to begin it again, done if that history says that it succeeded; anything else stops: '
        IFS= read -r answer || true
        case $answer in
            again) ;;
            'done')
                note confirmed "$1"
                note 'done' "$1"
                return 1
                ;;
            *) stop "Step $1 is left as it is." ;;
        esac
    fi
}

shown() {
    printf '        $'
    printf ' %q' "$@"
    printf '\n'
}

# Runs a command of pac; it failed as well when it says so, indented or in colour, without a number.
run() {
    local said status=0 escape=$'\e'
    said=$(mktemp "${TMPDIR:-/tmp}/envdeck.XXXXXX") || stop 'No temporary file can be made.'
    "$@" 2>&1 | tee "$said" || status=$?
    if [ "$status" -eq 0 ] && grep -qiE "^($escape\\[[0-9;]*m|[[:space:]])*Error($escape\\[[0-9;]*m)*:" "$said"; then
        status=1
    fi
    rm -f -- "$said"
    return "$status"
}

failed() {
    explained=yes
    complain ''
    complain "Step $current of $steps did not succeed: $current_title"
    complain "$1"
    where_it_stands
    exit 1
}

# A command that only tries.
try_out() {
    shown "$@"
    [ -z "$dry_run" ] || return 0
    guards
    run "$@" || failed 'It did not pass the validation: nothing was changed by this step.'
}

# A command that changes something: the guards once more, then it.
change() {
    shown "$@"
    [ -z "$dry_run" ] || return 0
    guards
    note begun "$current"
    run "$@" || failed 'The command failed, or gave up waiting: what it began may still be running.'
}

# The guards before a change that a person makes.
before_a_change() { [ -n "$dry_run" ] || guards; }

# Something that a person does: text, path (may be empty), what to know.
by_hand() {
    local text=$1 path=$2 line answer=''
    shift 2
    say '        MANUAL: there is no command for this here.'
    say "        $text"
    [ -z "$path" ] || say "        Where: $path"
    for line in "$@"; do
        say "        $line"
    done
    [ -z "$dry_run" ] || return 0
    note offered "$current"
    printf '        Type done once it is done; anything else stops: '
    IFS= read -r answer || true
    [ "$answer" = 'done' ] || stop "Step $current waits: $text"
}

# Looks again and again, because what was changed can take a while to be seen: tries, what is expected, how it is seen.
# A look that fails has seen nothing yet.
expect() {
    local tries=$1 what=$2
    shift 2
    say "        Check: $what"
    [ -z "$dry_run" ] || return 0
    while :; do
        why=''
        if look_up && "$@"; then
            return 0
        fi
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || failed "It was not seen afterwards: $what${why:+ ($why)}"
        sleep 30
    done
}

expect_backup() {
    local tries=40 listed
    say "        Check: the backup $2 is listed"
    [ -z "$dry_run" ] || return 0
    while :; do
        why=''
        listed=$(pac admin list-backups --environment "$1") || why='pac admin list-backups failed.'
        if [ -z "$why" ] && grep -qF -- "$2" <<<"$listed"; then
            say "$listed"
            return 0
        fi
        tries=$((tries - 1))
        if [ "$tries" -le 0 ]; then
            say "$listed"
            failed "The backup $2 is not listed yet: a new one can take 10 to 15 minutes.${why:+ ($why)}"
        fi
        sleep 30
    done
}

tell_id() { say "        Its id is $(jq -r --arg name "$1" '[.[] | select(.DisplayName == $name) | .EnvironmentId] | join(", ")' <<<"$environments")"; }

expect_quiet() {
    local tries=20 listed
    say '        Check: pac admin status lists no operation on it'
    [ -z "$dry_run" ] || return 0
    while :; do
        why=''
        listed=$(pac admin status 2>&1) || why='pac admin status failed.'
        if [ -z "$why" ] && { [ -z "$target_id" ] || ! grep -qiF -- "$target_id" <<<"$listed"; }; then
            say "$listed"
            return 0
        fi
        tries=$((tries - 1))
        if [ "$tries" -le 0 ]; then
            say "$listed"
            failed "${why:-pac admin status still lists an operation on it.}"
        fi
        sleep 30
    done
}

# What no command can show is seen by a person, or it is not proven: what has to be seen, where.
prove() {
    local answer=''
    say '        NOT PROVEN YET: pac can end without an error although the operation failed, and nothing that it lists shows this.'
    say "        Look in the admin center: $1"
    say "        Where: $2"
    [ -z "$dry_run" ] || return 0
    printf '        Type done once you see it there; anything else leaves it not proven: '
    IFS= read -r answer || true
    [ "$answer" = 'done' ] || stop "Step $current is not proven: nobody saw that $1."
    note confirmed "$current"
}

# What a command would take from a default is asked for: variable, what it is. Not empty, and no option.
ask() {
    local answer=''
    if [ -n "$dry_run" ]; then
        say "        Would ask: $2"
        printf -v "$1" '%s' "($1)"
        return 0
    fi
    printf '        %s: ' "$2"
    IFS= read -r answer || true
    case $answer in
        '' | -*) stop "Step $current waits: $2" ;;
    esac
    printf -v "$1" '%s' "$answer"
}

look() { say "        Look in the admin center: $1"; }

finished() {
    [ -z "$dry_run" ] || return 0
    note 'done' "$current"
    say '        Done.'
}

main() {
    local argument at all=yes
    for argument in "$@"; do
        case $argument in
            --dry-run) dry_run=yes ;;
            --check) check_only=yes ;;
            -h | --help)
                usage
                exit 0
                ;;
            *)
                usage >&2
                exit 2
                ;;
        esac
    done
    trap leave EXIT
    say "$heading"
    account
    open_progress
    if [ -n "$dry_run" ]; then
        say "Would stop unless: signed in to $tenant_id; $target_name ($target_id) as it was judged; before $valid_until; its name typed."
        carry_out
        say ''
        say 'Dry run: nothing was changed.'
        explained=yes
        return 0
    fi
    for ((at = 1; at <= steps; at++)); do
        was 'done' "$at" || all=''
    done
    if [ -n "$all" ]; then
        say "Every step was done before ($progress): there is nothing left to do."
        explained=yes
        return 0
    fi
    guard_tools pac jq date grep mkdir mktemp rm sed tee tr
    guards
    say "Signed in to $tenant_name. The target is $target_name ($target_id)${target_type:+, $target_type}."
    say "Judged at $judged_at; holds until $valid_until."
    if [ -n "$check_only" ]; then
        say 'The guards let it pass; nothing was changed.'
        explained=yes
        return 0
    fi
    lock
    confirm_type
    confirm_name
    carry_out
    current=''
    say ''
    say 'Every step is done: seen in the tenant, or confirmed by you.'
    afterwards
    explained=yes
}

main "$@"
