# --- What runs on after its command was accepted: the operations of an environment, as pac environment-management lists them. ---

# The operations that were there before the change; empty where pac gave no list of them.
operations_before=''

# The operations of an environment as one list; fails where pac gives none.
operations() {
    local answer list
    answer=$(pac environment-management get-operations-for-environment --environment "$1" --json) || return 1
    # Lines of prose may stand before the list.
    list=$(printf '%s\n' "$answer" | tr -d '\r' | sed -n '/^[[:space:]]*[[{]/,$p' |
        jq -c 'if type == "array" then . else .collection // .value end | map({ operationId, name, status })' 2>/dev/null) || return 1
    [ -n "$list" ] && printf '%s\n' "$list"
}

# Before the change: what is new afterwards was begun by it.
remember_operations() {
    [ -z "$dry_run" ] || return 0
    operations_before=$(operations "$1") || operations_before=''
}

# Waits until what the change began is done: minutes, environment.
expect_operation() {
    local minutes=$1 listed new said='' now
    say '        Check: pac environment-management get-operations-for-environment says Succeeded'
    [ -z "$dry_run" ] || return 0
    while :; do
        listed=$(operations "$2") || listed=''
        if [ -z "$listed" ] || [ -z "$operations_before" ]; then
            by_hand 'Wait until the history of the environment shows that it was completed' 'Environments > (environment) > History' \
                'pac gave no list of the operations of the environment.'
            return 0
        fi
        new=$(jq -r --argjson before "$operations_before" \
            '[.[] | select(.operationId as $id | $before | any(.operationId == $id) | not) | .status // empty] | join(" ")' <<<"$listed")
        now=${new:-not listed yet}
        [ "$now" = "$said" ] || say "        It says: $now"
        said=$now
        case " $new " in
            *Failed*) failed "The operation did not succeed: $new" ;;
            *' Queued '* | *' InProgress '*) ;;
            *' Succeeded '*) return 0 ;;
        esac
        minutes=$((minutes - 1))
        [ "$minutes" -gt 0 ] || failed "No end was seen; it says: $now. It may still be running."
        sleep 60
    done
}

