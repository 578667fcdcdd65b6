//! What people paste: messages and error codes of pac, the PowerShell modules and the admin APIs, as tools print them.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test that cannot start the program has to fail")]

use std::process::Command;

/// A console breaks lines where its window ends, inside of words too.
fn wrapped(text: &str, width: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(width).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
}

/// The id of the first answer, or what stands on standard error.
fn explained(pasted: &str) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_envdeck")).args(["explain", pasted, "--format", "json"]).output().unwrap();
    if !output.status.success() {
        assert_eq!(output.status.code(), Some(2), "{pasted}");
        return Err(String::from_utf8(output.stderr).unwrap());
    }
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = if found.is_array() { &found[0] } else { &found };
    Ok(first["id"].as_str().unwrap().to_owned())
}

const GUID: &str = "3b1f6d5e-0000-4000-8000-000000000001";

/// Each as somebody pasted it, and the answer that has to come first.
const PASTED: &[(&str, &str)] = &[
    ("This operation cannot be performed because there is an active lifecycle operation on the environment {guid}.", "msg-active-operation"),
    ("OperationNotStartable", "msg-active-operation"),
    ("error code: OperationNotStartable", "msg-active-operation"),
    (
        r#"Unexpected HTTP status code. Expected: [202], received: [409] 409 Conflict | {"error":{"code":"OperationNotStartable","message":"This operation cannot be performed because there is an active lifecycle operation on the environment {guid}.","detailUrlType":"NotSpecified"}}"#,
        "msg-active-operation",
    ),
    ("This environment can't be created because your org (tenant) needs at least 1 GB of database capacity.", "msg-no-database-capacity"),
    ("This environment can’t be created because your org (tenant) needs at least 1 GB of database", "msg-no-database-capacity"),
    ("InsufficientCapacity_StorageDriven", "msg-no-database-capacity"),
    (r#"{"error":{"code":"InsufficientCapacity_StorageDriven","message":"x"}}"#, "msg-no-database-capacity"),
    (
        "The service principal with id 'a' for application b does not have permission to access the path 'https://10.0.0.1/providers/Microsoft.BusinessAppPlatform/environments/c/copyTo?api-version=2020-08-01' in tenant d",
        "msg-service-principal-path",
    ),
    (
        "Error: The service principal with id '8ce***' for application 3afcf***  does not have permission to access the path 'https://10.0.7.17:20054/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments?`$expand=permissions&api-version=2020-08-01' in tenant 764****.",
        "msg-service-principal-path",
    ),
    (
        "│ status: 403, message: {\"error\":{\"code\":\"Forbidden\",\"message\":\"The service\n│ principal with id '***' for application\n│ *** does not have permission to access the\n│ path\n│ 'https://****/providers/Microsoft.BusinessAppPlatform/locations?api-version=2023-06-01'\n│ in tenant\n│ ***.\",\"detailUrlType\":\"NotSpecified\"}}",
        "msg-service-principal-path",
    ),
    (
        r#"{"error":{"code":"Forbidden","message":"The token with tenant id '{guid}' and object id '' does not have permission to access the path '/providers/Microsoft.BusinessAppPlatform/scopes/service/environments/https:/x.crm4.dynamics.com/'."}}"#,
        "msg-token-path",
    ),
    ("Copy cannot be performed on environment of type Default.", "msg-default-copy"),
    ("Restore cannot be performed on environment of type Default.", "msg-default-restore"),
    ("Reset cannot be performed on environment of type Default.", "msg-default-delete"),
    ("Convert cannot be performed on environment of type Default.", "msg-default-convert"),
    ("Promote cannot be performed on environment of type Sandbox.", "msg-promote-sandbox"),
    ("Reset cannot be performed on environment of type Production.", "msg-refused-for-type"),
    ("400 InvalidLifecycleOperationRequest: NewNetworkInjection cannot be performed on environment of type Trial.", "msg-refused-for-type"),
    ("Backup cannot be performed on environment of", "msg-refused-for-type"),
    ("Restore cannot be performed because there is no linked CDS instance or the CDS instance version is not supported.", "msg-no-linked-cds"),
    ("Provision cannot be performed because there is no linked CDS instance", "msg-no-linked-cds"),
    ("UpdateGovernanceConfiguration cannot be performed on Power Platform environment because of the governance configuration.", "msg-governance"),
    ("NewNetworkInjection cannot be performed on Power Platform environment because of the governance configuration", "msg-governance"),
    ("InvalidLifecycleOperationRequest", "msg-invalid-lifecycle-request"),
    (
        r#"{"error":{"code":"UnlinkedEnvironmentForbiddenOperation","message":"The environment '{guid}' is not linked to a new CDS 2.0 instance. The following operation is forbidden for unlinked environments: 'POST/PROVIDERS/MICROSOFT.BUSINESSAPPPLATFORM/SCOPES/ADMIN/ENVIRONMENTS/ADDUSER'"}}"#,
        "msg-unlinked-environment",
    ),
    ("The environment '{guid}' could not be found in the tenant '{guid}'.", "msg-environment-not-found"),
    (
        "; Error=; Message=The environment '' could not be found in the tenant 'xxx-xxx-xxx-xxx-xxx'.; Internal=System.Net.HttpWebResponse}",
        "msg-environment-not-found",
    ),
    (
        r#"PowerAppsforAdmins.GetAdminAppRoleAssignment failed: { "error": { "code": "BusinessAppPlatformRequestFailed", "message": "The request failed with client error: 'The environment '' could not be found in the tenant '{guid}'.'. The correlation Id is '{guid}'.", "details": [ { "code": "MultipleErrorsOccurred", "message": "Multiple errors occurred. Please see details.", "details": [ { "code": "EnvironmentNotFound", "message": "The environment '' could not be found in the tenant '{guid}'." } ] }, { "code": "FullNonLocalizedError", "message": "{\"error\":{\"code\":\"EnvironmentNotFound\"}}" } ] } }"#,
        "msg-environment-not-found",
    ),
    ("ServiceToServiceEnvironmentNotFound", "msg-environment-not-found"),
    ("Error: Environment with url https://contoso.dynamiscrm.com/ is not present in your tenant.", "msg-url-not-in-tenant"),
    (
        r#"{"errors":[{"Subject":"Result","Description":"Requested instance {guid} not found","Code":"instanceNotFound"},{"Subject":"InnerException","Description":null,"Code":null}],"information":[{"Subject":"Timestamp","Description":"7/24/2024 10:57:07 AM","Code":null}]}"#,
        "msg-instance-not-found",
    ),
    ("\"Description\": \"Requested instance {guid} is not in enabled state\"", "msg-instance-not-enabled"),
    (
        r"Request to XRM API failed with error: 'Message: The Dynamics 365 organization you are attempting to access is currently disabled.  Please contact your system administrator\nCode: 0x8004a104\nInnerError: '.",
        "msg-organization-disabled",
    ),
    ("0x8004a104", "msg-organization-disabled"),
    ("Request to XRM API failed with error: 'Unexpected error occurred when calling the XRM api'", "msg-xrm-unexpected"),
    (
        r#"{"code":"Forbidden","message":"The caller is not authorized to perform the request.","innererror":{"code":"InsufficientPrincipalPermissions","message":"Authorization denied: Principal missing required permissions: [UserManagement.Users.Apply, All.All.ReadWrite]"}}"#,
        "msg-principal-permissions",
    ),
    ("Error: Insufficient privileges to complete the operation.", "msg-insufficient-privileges"),
    (
        "API Call returned Forbidden: User does not have the required role. Correlation ID: {guid}\nAt C:\\Program Files\\WindowsPowerShell\\Modules\\x.ps1:251 char:13",
        "msg-required-role",
    ),
    (r#"{"error":{"code":"0x80072560","message":"The user is not a member of the organization."}}"#, "msg-not-a-member"),
    (r#""error": { "code": "0x80040225", "message": "The specified user is disabled." }"#, "msg-user-disabled"),
    ("You can't open apps in this environment. You are not a member of the environment's security group.", "msg-not-in-security-group"),
    (r#"{"error":{"code":"ConnectionAuthorizationFailed","message":"The caller does not have permission."}}"#, "msg-connection-authorization"),
    (r#"{"code":"PrincipalDoesNotExist","message":"The service principal does not exist in tenant."}"#, "msg-principal-missing"),
    (r#"{"code":"EndpointInvalid","message":"Environment id {guid} is invalid.","innererror":{"code":"EnvironmentIdInvalid"}}"#, "msg-environment-id-invalid"),
    ("Access denied due to Continuous Access Evaluation (CAE) policy. The authentication token was rejected due to a security policy change.", "msg-cae"),
    ("Insufficient permissions to enable disaster recovery", "msg-disaster-recovery-rights"),
    ("409 Conflict\nThe specified domain name with a value of 'my-environment' is already in use.", "msg-domain-in-use"),
    (r#"{"error":{"code":"InvalidDomainName","message":"The specified domain name with a value of 'existing-domain' is invalid."}}"#, "msg-domain-invalid"),
    (
        r#"Error body: {"error":{"code":"UsedByInvalidInRequest","message":"The provisioning request included a used by field which is improperly formed or restricted in this context.","detailUrlType":"NotSpecified"}}"#,
        "msg-used-by",
    ),
    ("You do not have the required Dynamics 365 licenses to create databases with the 'Sales Pro' Dynamics app.", "msg-d365-licence"),
    ("DynamicsEntitlementMissing", "msg-d365-licence"),
    ("Error: macroRegion 'unitedstates' is not valid", "msg-macro-region"),
    ("##[error]The region 'unitedstates' is invalid. Please enter the valid region or select from the picklist", "msg-region-invalid"),
    ("Developer environments must always include Dataverse provisioning parameters.", "msg-developer-needs-dataverse"),
    ("The billing policy '{guid}' could not be found.", "msg-billing-policy"),
    ("CrossBoundaryCopilotDataMovementEnabled can only be set for environments within an EU data boundary location.", "msg-cross-boundary"),
    (
        r#"Error: The request failed with error: '{"errors":{"code":"BadRequest","message":"The request does not match the contract","details":[{"code":"BadRequest","message":"The Name field is required.","target":"UnknownTarget"}]}}'. The tracking Id is '{guid}'."#,
        "msg-contract",
    ),
    (r#"{"error":{"code":"0x80040237","message":"A record with matching key values already exists."}}"#, "msg-record-exists"),
    ("Error: Must provide either --source-url or --source-id.", "msg-pac-source-argument"),
    ("Error: A required argument --selected-backup is missing.", "msg-pac-argument-missing"),
    ("Error: No profiles were found on this computer. Please run 'pac auth create' to create one.", "msg-pac-no-profile"),
    ("Error: Not a valid command. Try running 'pac [command] help'. exit 1", "msg-pac-not-a-command"),
    ("Connected to...Microsoft PowerPlatform CLI\nVersion: 1.11.3+g1e02241\n\nError: Failed to connect to Dataverse", "msg-failed-to-connect"),
    (
        "System.ServiceModel.Security.MessageSecurityException: The HTTP request was forbidden with client authentication scheme 'Anonymous'.",
        "msg-anonymous-forbidden",
    ),
    ("'Connected to... Unable to validate connection to default environment.'", "msg-default-connection"),
    (
        "ERROR: AADSTS700016: Application with identifier '{guid}' was not found in the directory 'Microsoft Services'. This can happen if the \napplication has not been installed",
        "msg-aadsts700016",
    ),
    ("AADSTS700016", "msg-aadsts700016"),
    (
        "AADSTS500011: The resource principal named https://make.powerapps.com was not found in the tenant named U.S. Venture. This can happen",
        "msg-aadsts500011",
    ),
    (
        "Add-PowerAppsAccount : Method invocation failed because [Microsoft.IdentityModel.Clients.ActiveDirectory.AuthenticationContext] does not contain a method named 'AcquireToken'.",
        "msg-acquire-token",
    ),
    (
        "The 'add-powerAppsAccount' command was found in the module 'Microsoft.PowerApps.Administration.PowerShell', but the module could not be loaded.",
        "msg-module-not-loaded",
    ),
    ("Could not load file or assembly 'Microsoft.Identity.Client, Version=4.41.0.0, Culture=neutral, PublicKeyToken=xxx'.", "msg-identity-client"),
    ("InvokeApiNoParseContent: Cannot process argument transformation on parameter 'Route'. Cannot convert value to type System.String.", "msg-route-argument"),
    ("New-AdminPowerAppCdsDatabase : Cannot bind argument to parameter 'InputObject' because it is null.", "msg-input-object-null"),
    (
        "Environment location 'europe' does not match the enterprise policy location 'unitedstates'. The environment and policy must be in the same location.",
        "msg-policy-location",
    ),
    (
        "Environment already has Subnet Injection enabled with a different policy: /regions/europe/x/{guid}. Use the -Swap parameter to replace it.",
        "msg-policy-other-subnet",
    ),
    (
        "Cannot use -Swap when no Identity policy is currently linked to the environment. Remove the -Swap parameter to enable Identity.",
        "msg-policy-nothing-to-swap",
    ),
    ("Enterprise policy does not have a systemId. The policy may not be fully provisioned.", "msg-policy-no-system-id"),
    ("Status Message: There should be at least 2 vnets configured for Subnet Injection Enterprise Policy with name .", "msg-policy-two-networks"),
    ("Linking of vnet policy did not start for environement *****\nError: {\n  \"StatusCode\": 404", "msg-policy-linking"),
    (
        "Operation failed: The Restore operation failed because organization {guid} is not fully disabled yet.  Use FORCE to override",
        "msg-organization-not-fully-disabled",
    ),
    ("0x8004B044", "msg-migration-underway"),
    ("Organization is not configured yet", "msg-organization-not-configured"),
    ("OrgDoesNotExistInDiscoveryService", "msg-organization-not-in-discovery"),
    ("This solution has a pending upgrade. Please complete the upgrade before proceeding", "msg-pending-upgrade"),
    (r#"{ "error": { "code": "MissingEnvironmentFilter", "message": "The environment filter must be set." } }"#, "msg-environment-filter"),
    (r#"{"error":{"code":"BusinessAppPlatformRequestFailed","message":"Something that nobody knows."}}"#, "msg-request-failed"),
];

/// Beside the letters that were pasted: capitals, the width of a console, JSON within JSON, and what stands around it.
#[test]
fn what_is_pasted_finds_its_answer_first() {
    assert!(PASTED.len() > 80, "{}", PASTED.len());
    let library = envdeck::files::answers::library().unwrap();
    let mut wrong = Vec::new();
    for (pasted, expected) in PASTED {
        let pasted = pasted.replace("{guid}", GUID);
        assert_eq!(explained(&pasted).as_deref(), Ok(*expected), "{pasted}");
        let mut forms = Vec::new();
        if pasted.len() > 60 {
            let in_json = serde_json::to_string(&pasted).unwrap();
            forms.extend([
                wrapped(&pasted, 79),
                serde_json::to_string(&in_json).unwrap(),
                format!("2026-11-30T17:02:11.120Z [ERR] {pasted} RequestId: {GUID}"),
            ]);
        }
        for form in forms {
            let found = library.of_message(&form).map(|entry| library.id(entry));
            if found != Some(*expected) {
                wrong.push(format!("{form}\n    wanted {expected}, found {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// A wrong answer is worse than none.
#[test]
fn what_only_looks_like_a_message_is_not_answered() {
    for pasted in [
        "The environment 'x' could not be loaded in the browser",
        "This operation cannot be performed because the moon is full.",
        "The service principal with id 'a' was painted green",
        "OperationNotStarted",
        "0x8004a199",
        "InsufficientCapacity",
        "Error: The widget 'x' is not present in your shop.",
        "Copy cannot be performed on a printer of type Laser.",
        "{\"error\":{\"code\":\"Teapot\",\"message\":\"I am a teapot\"}}",
        "AADSTS999999: something else",
    ] {
        let said = explained(pasted);
        assert!(said.as_ref().is_err_and(|said| said.contains("nothing says") || said.contains("there is no")), "{pasted}: {said:?}");
    }
}

/// Every message names where it was seen, and when.
#[test]
fn every_message_has_a_source_with_a_date() {
    let output = Command::new(env!("CARGO_BIN_EXE_envdeck")).args(["explain", "msg-organization-disabled", "--format", "json"]).output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["kind"], "message");
    assert_eq!(answer["codes"][0], "0x8004A104");
    assert_eq!(answer["sources"][0]["date"], "2022-08-26");
    let text = Command::new(env!("CARGO_BIN_EXE_envdeck")).args(["explain", "0x8004a104"]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("Code: 0x8004A104") && text.contains("Seen in: Web service error codes of Dataverse (2022-08-26)"), "{text}");
}

/// What Microsoft refuses, as an import writes it, leads to what explains it.
#[test]
fn what_microsoft_refuses_leads_to_its_explanation() {
    let text = "schema: envdeck/1\ncaptured_at: 2026-11-30T09:00:00Z\nrulebook: current\ntenants:\n  - id: t\n    name: Contoso\n    environments:\n      \
                - { id: e1, name: Default, type: default, region: europe, dataverse: {}, disallowed_operations: \
                [{ operation: Copy, message: Copy cannot be performed on environment of type Default. }] }\n      \
                - { id: e2, name: Test, type: sandbox, region: europe, dataverse: {} }\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contoso.yaml");
    std::fs::write(&file, text).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_envdeck")).current_dir(folder.path()).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let copy = ["check", "copy", "--from", "Default", "--to", "Test", "--level", "everything", "-s", "contoso.yaml", "--now", "2026-11-30T10:00:00Z"];
    assert!(run(&copy).contains("envdeck explain msg-default-copy"), "{}", run(&copy));
    let found: serde_json::Value = serde_json::from_str(&run(&[&copy[..], &["--format", "json"]].concat())).unwrap();
    let refused = found["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "RefusedByMicrosoft").unwrap();
    assert_eq!(refused["explained_by"], "msg-default-copy");
    // In the console from the details, and from the targets.
    for keys in ["<down><tab>e", "c<enter>e"] {
        let screen = run(&["contoso.yaml", "--now", "2026-11-30T10:00:00Z", "--keys", keys, "--print", "--size", "110x24"]);
        assert!(screen.contains("▸message   Microsoft refuses to copy"), "{keys}\n{screen}");
    }
}
