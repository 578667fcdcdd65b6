# Collects from a Power Platform tenant what `envdeck import FOLDER` reads.
#
#   ./collect.ps1 FOLDER [-Cloud public|gcc|gcc-high|dod|china]
#
# It only reads: every request is a GET. It signs nobody in: run `az login --allow-no-subscriptions` before, as an admin
# who sees all environments. Access tokens stay in memory. What cannot be collected is noted in FOLDER/problems.json, and
# envdeck takes it as unknown. It needs PowerShell 5.1 or newer, and az.
#
# The folder then holds names of environments, flows and mailboxes, and the users of the tenant: keep it where only you can read it.
param(
    [Parameter(Mandatory = $true, Position = 0)][string]$Folder,
    [ValidateSet('public', 'gcc', 'gcc-high', 'dod', 'china')][string]$Cloud = 'public'
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

function Stop-Collecting([string]$Message, [int]$Status) {
    [Console]::Error.WriteLine("collect: $Message")
    exit $Status
}

function Write-Step([string]$Message) {
    [Console]::Error.WriteLine($Message)
}

$Hosts = @{
    'public'   = @('api.bap.microsoft.com', 'api.powerapps.com', 'api.flow.microsoft.com', 'graph.microsoft.com', 'https://service.powerapps.com/', 'https://service.flow.microsoft.com/')
    'gcc'      = @('gov.api.bap.microsoft.us', 'gov.api.powerapps.us', 'gov.api.flow.microsoft.us', 'graph.microsoft.com', 'https://gov.service.powerapps.us/', 'https://gov.service.flow.microsoft.us/')
    'gcc-high' = @('high.api.bap.microsoft.us', 'high.api.powerapps.us', 'high.api.flow.microsoft.us', 'graph.microsoft.us', 'https://high.service.powerapps.us/', 'https://high.service.flow.microsoft.us/')
    'dod'      = @('api.bap.appsplatform.us', 'api.apps.appsplatform.us', 'api.flow.appsplatform.us', 'dod-graph.microsoft.us', 'https://service.apps.appsplatform.us/', 'https://service.flow.appsplatform.us/')
    'china'    = @('api.bap.partner.microsoftonline.cn', 'api.powerapps.cn', 'api.powerautomate.cn', 'microsoftgraph.chinacloudapi.cn', 'https://service.powerapps.cn/', 'https://service.powerautomate.cn/')
}
$Admin, $Apps, $Flow, $Graph, $Service, $FlowService = $Hosts[$Cloud]

if (-not (Get-Command az -ErrorAction SilentlyContinue)) { Stop-Collecting 'az is not installed' 2 }
if (-not (Test-Path -LiteralPath $Folder)) { New-Item -ItemType Directory -Path $Folder | Out-Null }
$Folder = (Resolve-Path -LiteralPath $Folder).ProviderPath
if (@(Get-ChildItem -LiteralPath $Folder -Force).Count -gt 0) { Stop-Collecting "$Folder is not empty: name a new folder" 2 }

# az writes what it has to say to standard error, which must not end the script.
function Invoke-Az([string[]]$Arguments) {
    $ErrorActionPreference = 'Continue'
    $said = & az @Arguments 2>$null
    if ($LASTEXITCODE -ne 0) { return '' }
    return ([string]($said | Select-Object -First 1)).Trim()
}

$Tenant = Invoke-Az @('account', 'show', '--query', 'tenantId', '--output', 'tsv')
if (-not $Tenant) { Stop-Collecting 'nobody is signed in: run az login --allow-no-subscriptions first' 1 }
$Operator = Invoke-Az @('account', 'show', '--query', 'user.name', '--output', 'tsv')
$Utf8 = New-Object System.Text.UTF8Encoding $false
$script:Problems = 0
$script:Held = ''
$script:Token = ''
$script:Since = [DateTime]::MinValue

function Get-Now {
    return [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
}

# What is missing, so that nobody takes it for nothing.
function Add-Note([string]$What, [string]$Environment, [string]$Message) {
    $script:Problems++
    Write-Step "  ${What}: $Message"
    $note = [ordered]@{ kind = 'problem'; what = $What; message = $Message; collected_at = (Get-Now) }
    if ($Environment) { $note.environment = $Environment }
    [IO.File]::AppendAllText((Join-Path $Folder 'problems.json'), (ConvertTo-Json $note -Compress) + "`n", $Utf8)
}

# A token, asked for again before it expires.
function Get-Token([string]$Resource) {
    if ($script:Held -ne $Resource -or ([DateTime]::UtcNow - $script:Since).TotalMinutes -gt 20) {
        $script:Token = Invoke-Az @('account', 'get-access-token', '--resource', $Resource, '--query', 'accessToken', '--output', 'tsv')
        if (-not $script:Token) { throw "az gives no access token for $Resource" }
        $script:Held = $Resource
        $script:Since = [DateTime]::UtcNow
    }
    return $script:Token
}

# One page as text, asked for again while the service is busy.
function Get-Page([string]$Resource, [string]$Url) {
    for ($attempt = 0; ; $attempt++) {
        try {
            $headers = @{ Authorization = "Bearer $(Get-Token $Resource)"; Accept = 'application/json' }
            $answer = Invoke-WebRequest -Uri $Url -Method Get -Headers $headers -UseBasicParsing -MaximumRedirection 0 -TimeoutSec 300
            return $Utf8.GetString($answer.RawContentStream.ToArray()).TrimStart([char]0xFEFF)
        }
        catch {
            $status = 0
            $response = $_.Exception.PSObject.Properties['Response']
            if ($response -and $response.Value) { $status = [int]$response.Value.StatusCode }
            if (@(408, 429, 500, 502, 503, 504) -notcontains $status -or $attempt -ge 5) { throw }
            Start-Sleep -Seconds ([Math]::Pow(2, $attempt + 1))
        }
    }
}

# The value of a property that may not be there.
function Get-Value($Object, [string]$Name) {
    if ($null -eq $Object) { return $null }
    $property = $Object.PSObject.Properties[$Name]
    if ($property) { return $property.Value }
    return $null
}

# All pages of a list into one envelope, or a note and no file. Returns the items.
function Save-List([string]$Kind, [string]$Environment, [string]$Resource, [string]$Url, [string]$File) {
    try {
        $envelope = [ordered]@{ kind = $Kind; tenant = $Tenant; collected_at = (Get-Now); collected_by = $Operator }
        if ($Environment) { $envelope.environment = $Environment }
        $server = ([Uri]$Url).GetLeftPart([UriPartial]::Authority)
        $pages = New-Object System.Collections.Generic.List[string]
        $items = New-Object System.Collections.Generic.List[object]
        $next = $Url
        while ($next) {
            if (-not $next.StartsWith("$server/")) { throw 'the next page is on another server, which gets no token' }
            $text = Get-Page $Resource $next
            $page = ConvertFrom-Json $text
            $pages.Add($text)
            foreach ($item in @(Get-Value $page 'value')) { if ($null -ne $item) { $items.Add($item) } }
            $next = Get-Value $page 'nextLink'
            if (-not $next) { $next = Get-Value $page '@odata.nextLink' }
        }
        $head = (ConvertTo-Json $envelope -Compress).TrimEnd('}')
        [IO.File]::WriteAllText((Join-Path $Folder "$File.json"), $head + ',"payload":[' + ($pages -join ',') + "]}`n", $Utf8)
        return , $items
    }
    catch {
        Add-Note $Kind $Environment ([string]$_.Exception.Message)
        return $null
    }
}

$Platform = "https://$Admin/providers/Microsoft.BusinessAppPlatform"
Write-Step "collect: environments of $Tenant"
$environments = Save-List 'environments' '' $Service "$Platform/scopes/admin/environments?api-version=2021-04-01&`$expand=properties.capacity,properties.addons" 'environments'
if ($null -eq $environments) { Stop-Collecting 'without the list of environments there is nothing to collect' 1 }
$null = Save-List 'deleted-environments' '' $Service "$Platform/scopes/admin/deletedEnvironments?api-version=2021-04-01" 'deleted-environments'
$number = 0
foreach ($one in $environments) {
    $number++
    $id = [string](Get-Value $one 'name')
    $properties = Get-Value $one 'properties'
    Write-Step "collect: $number of $($environments.Count): $(Get-Value $properties 'displayName')"
    $file = $id -replace '[^A-Za-z0-9.-]', '_'
    $null = Save-List 'operations' $id $Service "$Platform/lifecycleOperations?api-version=2024-05-01&`$filter=environment%20eq%20'$id'" "$file-operations"
    $null = Save-List 'flows' $id $FlowService "https://$Flow/providers/Microsoft.ProcessSimple/scopes/admin/environments/$id/v2/flows?api-version=2016-11-01" "$file-flows"
    $null = Save-List 'apps' $id $Service "https://$Apps/providers/Microsoft.PowerApps/scopes/admin/environments/$id/apps?api-version=2016-11-01" "$file-apps"
    # The rest lives in the database.
    $url = [string](Get-Value (Get-Value $properties 'linkedEnvironmentMetadata') 'instanceUrl')
    if (-not $url.StartsWith('https://')) { continue }
    $url = $url.TrimEnd('/')
    $data = "$url/api/data/v9.2"
    $null = Save-List 'backups' $id $Service "$Platform/scopes/admin/environments/$id/backups?api-version=2021-04-01" "$file-backups"
    $null = Save-List 'mailboxes' $id $url "$data/mailboxes?`$select=mailboxid,name,emailaddress,incomingemaildeliverymethod,outgoingemaildeliverymethod,actdeliverymethod" "$file-mailboxes"
    $null = Save-List 'connectionreferences' $id $url "$data/connectionreferences?`$select=connectionreferenceid,connectionreferencelogicalname,connectionreferencedisplayname,connectionid,connectorid" "$file-connectionreferences"
    $null = Save-List 'workflows' $id $url "$data/workflows?`$select=workflowid,name,category,statecode,clientdata&`$filter=category%20eq%205%20and%20type%20eq%201" "$file-workflows"
    $null = Save-List 'sdkmessageprocessingsteps' $id $url "$data/sdkmessageprocessingsteps?`$select=sdkmessageprocessingstepid,name,statecode&`$filter=customizationlevel%20eq%201" "$file-sdkmessageprocessingsteps"
    $null = Save-List 'systemusers' $id $url "$data/systemusers?`$select=systemuserid,domainname,isdisabled,accessmode,applicationid,islicensed" "$file-systemusers"
}
Write-Step 'collect: users with licences'
$null = Save-List 'users' '' "https://$Graph/" "https://$Graph/v1.0/users?`$select=userPrincipalName,accountEnabled,assignedLicenses&`$top=999" 'users'
if ($script:Problems -gt 0) {
    Write-Step "collect: done; not collected: $($script:Problems), see $(Join-Path $Folder 'problems.json')"
    exit 1
}
Write-Step "collect: done; now run envdeck import $Folder"
