# --- Below, every runbook is the same: what guards it, and how it goes from step to step. ---

$progress = ''
$current = 0
$currentTitle = ''
$currentAgain = ''
$explained = $false
$succeeded = $false
$lock = $null

# Where it stands: what was done, what was begun and may still run, and how to go on.
function Write-WhereItStands {
    if ($DryRun -or ($current -eq 0) -or ($progress -eq '')) { return }
    for ($at = 1; $at -lt $current; $at++) {
        if (Test-Was 'done' $at) { Write-Host "  step $at was done" }
    }
    if (Test-Was 'begun' $current) {
        Write-Host "Step $current of $steps was begun: $currentTitle"
        Write-Host $currentAgain
        Write-Host 'It may still be running: see the history of the environment in the admin center.'
    }
    else {
        Write-Host "Step $current of $steps was not begun by a command: $currentTitle"
    }
    Write-Host "Then run this again: what was done is passed over, and what was begun is asked about. ($progress)"
}

function Stop-Runbook([string] $why) {
    $script:explained = $true
    Write-Host "Stopped: $why" -ForegroundColor Red
    Write-WhereItStands
    exit 1
}

# --- One run at a time: two would each see that a step was not begun yet, and both begin it. ---

# A file that nobody else can open while this runs; it is free again as soon as this has ended, however it ends.
function Open-Lock {
    try {
        $script:lock = [IO.File]::Open("$progress.lock", [IO.FileMode]::OpenOrCreate, [IO.FileAccess]::ReadWrite, [IO.FileShare]::None)
    }
    catch {
        Stop-Runbook "Another run of this runbook is going on, or $progress.lock cannot be opened. Nothing was begun by this run."
    }
}

# The file stays: whoever removed it would leave a waiting run with a lock of its own.
function Close-Lock {
    if ($null -eq $lock) { return }
    $lock.Dispose()
    $script:lock = $null
}

# A property that may not be there: strict mode takes reading it for an error.
function Get-Field($of, [string] $name) {
    if ($null -eq $of) { return $null }
    $property = $of.PSObject.Properties[$name]
    if ($null -eq $property) { return $null }
    return $property.Value
}

# --- Progress: one line for each step that was begun or done, in a file beside this one. ---

function Open-Progress {
    if (-not $PSCommandPath) { Stop-Runbook 'Save this runbook as a file and run that: it keeps its progress beside itself.' }
    $script:progress = Join-Path (Split-Path -Parent $PSCommandPath) ($runbook + '.progress')
}

function Test-Was([string] $what, [int] $number) {
    if (-not (Test-Path -LiteralPath $progress)) { return $false }
    return @(Get-Content -LiteralPath $progress | Where-Object { $_.StartsWith("$what $number ", [StringComparison]::Ordinal) }).Count -gt 0
}

function Test-Touched([int] $number) {
    return (Test-Was 'offered' $number) -or (Test-Was 'begun' $number) -or (Test-Was 'done' $number)
}

function Add-Note([string] $what, [int] $number) {
    $at = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
    Add-Content -LiteralPath $progress -Value "$what $number $at" -Encoding UTF8
}

# --- Guards ---

function Assert-Module {
    if (-not (Get-Module -ListAvailable -Name 'Microsoft.PowerApps.Administration.PowerShell')) {
        Stop-Runbook 'The module is missing: Install-Module -Name Microsoft.PowerApps.Administration.PowerShell -Scope CurrentUser'
    }
    Import-Module 'Microsoft.PowerApps.Administration.PowerShell'
}

function Assert-Age {
    $now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    if ($now -lt $judgedEpoch - 300) { Stop-Runbook "The clock says that the verdict of $judgedAt lies ahead: set the clock." }
    if ($now -ge $validUntilEpoch) { Stop-Runbook "The verdict of $judgedAt held until ${validUntil}: capture the tenant, judge again and take the runbook anew." }
    if ($windowFromEpoch -gt 0) {
        if ($now -lt $windowFromEpoch) { Stop-Runbook "The window of the change opens at $windowFrom." }
        if ($now -ge $windowToEpoch) { Stop-Runbook "The window of the change closed at $windowTo." }
    }
}

function Assert-Tenant {
    $session = Get-Variable -Name 'currentSession' -Scope Global -ValueOnly -ErrorAction SilentlyContinue
    $signedIn = if ($session -is [hashtable]) { $session['tenantId'] } else { Get-Field $session 'tenantId' }
    if (-not $signedIn) { Stop-Runbook "Nobody is signed in: Add-PowerAppsAccount -Endpoint $endpoint -TenantID $tenantId" }
    if ([string]::Compare([string] $signedIn, $tenantId, [StringComparison]::OrdinalIgnoreCase) -ne 0) {
        Stop-Runbook "You are signed in to the tenant $signedIn; this was judged in $tenantId ($tenantName): Remove-PowerAppsAccount, then Add-PowerAppsAccount -Endpoint $endpoint -TenantID $tenantId"
    }
}

function Find-Environment([string] $id) {
    $found = @(Get-AdminPowerAppEnvironment | Where-Object { [string]::Equals((Get-Field $_ 'EnvironmentName'), $id, [StringComparison]::OrdinalIgnoreCase) })
    if ($found.Count -ne 1) { return $null }
    return $found[0]
}

function Test-Named([string] $name) {
    return @(Get-AdminPowerAppEnvironment | Where-Object { [string]::Equals((Get-PlainName $_), $name, [StringComparison]::Ordinal) }).Count -gt 0
}

# The name without what the module adds: the default environment is listed as "Contoso (default)".
function Get-PlainName($environment) {
    $properties = Get-Field (Get-Field $environment 'Internal') 'properties'
    $name = Get-Field $properties 'displayName'
    if ($null -ne $name) { return [string] $name }
    return [string] (Get-Field $environment 'DisplayName')
}

function Get-PlainUrl($environment) {
    $properties = Get-Field (Get-Field $environment 'Internal') 'properties'
    return [string] (Get-Field (Get-Field $properties 'linkedEnvironmentMetadata') 'instanceUrl')
}

# The type: sandbox, production and so on, as the module says it.
function Get-PlainType($environment) { return [string] (Get-Field $environment 'EnvironmentType') }

# An empty list shows nothing: a tenant has its default environment at least.
function Test-Gone([string] $id) {
    $all = @(Get-AdminPowerAppEnvironment)
    if ($all.Count -eq 0) { return $false }
    return @($all | Where-Object { [string]::Equals((Get-Field $_ 'EnvironmentName'), $id, [StringComparison]::OrdinalIgnoreCase) }).Count -eq 0
}

# Whether it is in administration mode or in service, as the module says it.
function Test-Runtime($environment, [string] $state) {
    $states = Get-Field (Get-Field (Get-Field $environment 'Internal') 'properties') 'states'
    return [string]::Equals([string] (Get-Field (Get-Field $states 'runtime') 'id'), $state, [StringComparison]::OrdinalIgnoreCase)
}

# Whether background operations are on, as the module says it.
function Test-Background($environment, [string] $state) {
    $linked = Get-Field (Get-Field (Get-Field $environment 'Internal') 'properties') 'linkedEnvironmentMetadata'
    return [string]::Equals([string] (Get-Field $linked 'backgroundOperationsState'), $state, [StringComparison]::OrdinalIgnoreCase)
}

function Test-So($environment, [string] $name, [string] $type) {
    if ($null -eq $environment) { return $false }
    if (-not [string]::Equals((Get-PlainName $environment), $name, [StringComparison]::Ordinal)) { return $false }
    return ($type -eq '') -or [string]::Equals((Get-PlainType $environment), $type, [StringComparison]::OrdinalIgnoreCase)
}

function Assert-Target {
    $found = if ($targetStands -eq 'not-yet') { $null } else { Find-Environment $targetId }
    $accepted = @(, @($targetName, $targetType))
    $goneIsFine = $false
    foreach ($expected in @(Get-Expectations)) {
        if ($expected.Gone) { $goneIsFine = $true } else { $accepted += , @($expected.Name, $expected.Type) }
    }
    if ($targetStands -eq 'not-yet') {
        if ((Test-Named $targetName) -and -not $goneIsFine) { Stop-Runbook "There is an environment called $targetName already." }
        return
    }
    if ($null -eq $found) {
        if (($targetStands -ne 'deleted') -and -not $goneIsFine) { Stop-Runbook "The target $targetId ($targetName) is not in this tenant." }
        return
    }
    if (($targetStands -eq 'deleted') -and -not $goneIsFine) { Stop-Runbook "$targetName ($targetId) is not deleted: there is nothing to recover." }
    foreach ($pair in $accepted) {
        if (Test-So $found $pair[0] $pair[1]) { return }
    }
    Stop-Runbook "The target $targetId was judged as $targetName, $targetType; it is now $(Get-PlainName $found), $(Get-PlainType $found). Capture the tenant and judge again."
}

function Assert-Source {
    if ($sourceId -eq '') { return }
    $found = Find-Environment $sourceId
    if (-not (Test-So $found $sourceName '')) { Stop-Runbook "The source $sourceId ($sourceName) is not in this tenant, or is called otherwise now. Capture the tenant and judge again." }
}

function Assert-All {
    Assert-Age
    Assert-Tenant
    Assert-Target
    Assert-Source
}

function Confirm-Type {
    if (($targetType -ne '') -or ($targetStands -ne 'there')) { return }
    $type = Get-PlainType (Find-Environment $targetId)
    $answer = Read-Host "Of which type $targetName is was unknown when it was judged. It is $type. Type yes if that is right"
    if (-not [string]::Equals($answer, 'yes', [StringComparison]::Ordinal)) { Stop-Runbook 'Nothing was changed.' }
}

function Confirm-Name {
    $typed = Read-Host 'Type the name of the target to go on'
    if (-not [string]::Equals($typed, $targetName, [StringComparison]::Ordinal)) { Stop-Runbook 'That is not its name. Nothing was changed.' }
}

# --- Steps ---

# Whether a step is to be done now: number, title, what is safe after a failure.
function Enter-Step([int] $number, [string] $title, [string] $again) {
    $script:current = $number
    $script:currentTitle = $title
    $script:currentAgain = $again
    $script:succeeded = $false
    Write-Host ''
    Write-Host "[$number/$steps] $title"
    if (Test-Was 'done' $number) {
        Write-Host '        Done before: passed over.'
        return $false
    }
    if ((-not $DryRun) -and (Test-Was 'begun' $number)) {
        Write-Host '        It was begun before, and nothing says how it ended.'
        Write-Host '        Look first: the history of the environment in the admin center.'
        $answer = Read-Host '        Type again to begin it again, done if that history says that it succeeded; anything else stops'
        if ([string]::Equals($answer, 'done', [StringComparison]::Ordinal)) {
            Add-Note 'confirmed' $number
            Add-Note 'done' $number
            return $false
        }
        if (-not [string]::Equals($answer, 'again', [StringComparison]::Ordinal)) { Stop-Runbook "Step $number is left as it is." }
    }
    return $true
}

function Stop-Failed([string] $why) {
    $script:explained = $true
    Write-Host ''
    Write-Host "Step $current of $steps did not succeed: $currentTitle" -ForegroundColor Red
    Write-Host $why
    Write-WhereItStands
    exit 1
}

# A command that changes something: the guards once more, then it. The module answers with a code instead of failing.
function Invoke-Change([string] $shown, [scriptblock] $command) {
    Write-Host "        > $shown"
    if ($DryRun) { return }
    Assert-All
    Add-Note 'begun' $current
    try {
        $answer = & $command
    }
    catch {
        Stop-Failed $_.Exception.Message
    }
    $answer | Out-Host
    foreach ($part in @($answer)) {
        $state = [string] (Get-Field (Get-Field (Get-Field $part 'Internal') 'state') 'id')
        if ($state -in 'Failed', 'Canceled', 'Cancelled', 'ValidationFailed') { Stop-Failed "The service says of it: $state." }
        if ($state -eq 'Succeeded') { $script:succeeded = $true }
        $code = Get-Field $part 'Code'
        if (($null -ne $code) -and ("$code" -notmatch '^2\d\d$')) { Stop-Failed "The service answered ${code}." }
        foreach ($name in 'Error', 'Errors') {
            if (Get-Field $part $name) { Stop-Failed "The service answered with an error: $(Get-Field $part $name | ConvertTo-Json -Depth 5 -Compress)" }
        }
    }
}

# The guards before a change that a person makes.
function Assert-BeforeChange { if (-not $DryRun) { Assert-All } }

# Something that a person does: text, path (may be empty), what to know.
function Wait-ByHand([string] $text, [string] $path, [string[]] $help) {
    Write-Host '        MANUAL: there is no command for this here.'
    Write-Host "        $text"
    if ($path -ne '') { Write-Host "        Where: $path" }
    foreach ($line in $help) { Write-Host "        $line" }
    if ($DryRun) { return }
    Add-Note 'offered' $current
    $answer = Read-Host '        Type done once it is done; anything else stops'
    if (-not [string]::Equals($answer, 'done', [StringComparison]::Ordinal)) { Stop-Runbook "Step $current waits: $text" }
}

# Looks again and again, because what was changed can take a while to be seen. A look that fails has seen nothing yet.
function Wait-Seen([int] $tries, [string] $what, [scriptblock] $seen) {
    Write-Host "        Check: $what"
    if ($DryRun) { return }
    for ($at = 1; $at -le $tries; $at++) {
        $failure = ''
        try { if (& $seen) { return } } catch { $failure = " ($($_.Exception.Message))" }
        if ($at -lt $tries) { Start-Sleep -Seconds 30 }
    }
    Stop-Failed "It was not seen afterwards: $what$failure"
}

# What the service did not say, or the environment does not show, is seen by a person, or it is not proven: what has to be seen,
# where, and how the environment shows it.
function Confirm-Proven([string] $what, [string] $path, [scriptblock] $seen) {
    Write-Host "        Check: $what"
    if ($DryRun) { return }
    if ($null -ne $seen) {
        for ($at = 1; $at -le 5; $at++) {
            try { if (& $seen) { return } } catch { Write-Host "        $($_.Exception.Message)" }
            if ($at -lt 5) { Start-Sleep -Seconds 30 }
        }
    }
    elseif ($succeeded) { return }
    Write-Host '        NOT PROVEN YET: nothing that the module answered shows that it succeeded.'
    Write-Host "        Look in the admin center: $what"
    Write-Host "        Where: $path"
    $answer = Read-Host '        Type done once you see it there; anything else leaves it not proven'
    if (-not [string]::Equals($answer, 'done', [StringComparison]::Ordinal)) { Stop-Runbook "Step $current is not proven: nobody saw that $what." }
    Add-Note 'confirmed' $current
}

function Show-Look([string] $what) { Write-Host "        Look in the admin center: $what" }

function Complete-Step {
    if ($DryRun) { return }
    Add-Note 'done' $current
    Write-Host '        Done.'
}

function Start-Runbook {
    Write-Host $heading
    Write-Account
    Open-Progress
    if ($DryRun) {
        Write-Host "Would stop unless: signed in to $tenantId; $targetName ($targetId) as it was judged; before $validUntil; its name typed."
        Invoke-Steps
        Write-Host ''
        Write-Host 'Dry run: nothing was changed.'
        return
    }
    if (@(1..$steps | Where-Object { -not (Test-Was 'done' $_) }).Count -eq 0) {
        Write-Host "Every step was done before ($progress): there is nothing left to do."
        return
    }
    Assert-Age
    Assert-Module
    Add-PowerAppsAccount -Endpoint $endpoint -TenantID $tenantId | Out-Host
    Assert-All
    Write-Host "Signed in to $tenantName. The target is $targetName ($targetId), $targetType."
    Write-Host "Judged at $judgedAt; holds until $validUntil."
    if ($Check) {
        Write-Host 'The guards let it pass; nothing was changed.'
        return
    }
    Open-Lock
    Confirm-Type
    Confirm-Name
    Invoke-Steps
    $script:current = 0
    Write-Host ''
    Write-Host 'Every step is done: seen in the tenant, or confirmed by you.'
    Write-Afterwards
}

# Ctrl-C and what nobody foresaw end up in finally: it says where we are all the same.
try {
    Start-Runbook
    $explained = $true
}
finally {
    Close-Lock
    if (-not $explained) {
        Write-Host ''
        if ($current -gt 0) {
            Write-Host "Interrupted in step $current of $steps." -ForegroundColor Red
            Write-WhereItStands
        }
        else {
            Write-Host 'Interrupted between the steps: nothing is running that this run began.' -ForegroundColor Red
        }
    }
}
