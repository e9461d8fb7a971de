/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * error: exit code 1; warning: exit code 1 past --max-warnings; info: only said; off: not looked for.
 */
export type RuleLevel = ("error" | "warning" | "info" | "off")
export type TextOrSource = (string | SecretSource)

/**
 * mongoward.config.yaml: clusters by name, where the policies are, and how to lint them.
 */
export interface ConfigFile {
/**
 * Policy files and folders, relative to this file. Default: policies.
 * 
 * @minItems 1
 */
policies?: [string, ...(string)[]]
lint?: LintSettings
kmsProviders?: KmsProviders
clusters?: ClusterEntries
}
/**
 * How policies are linted.
 */
export interface LintSettings {
/**
 * recommended: what a security engineer would not let pass; strict: also what needs a second look, and warnings that become errors. Default: recommended.
 */
preset?: ("recommended" | "strict")
rules?: RuleLevels
/**
 * The server release that the policies will meet, such as 8.0 or 7.0.40. Default: the oldest that the policy's cluster.version admits.
 */
targetVersion?: string
}
/**
 * Another level than the preset's for single rules, by name (family/what). What keeps a policy from compiling is always an error. mongoward policy explain lists the rules.
 */
export interface RuleLevels {
[k: string]: RuleLevel
}
/**
 * How the key management services are reached that hold master keys, in the names of MongoDB's kmsProviders; local:name where several of a kind are told apart. Read only when a key is made or rewrapped.
 */
export interface KmsProviders {
[k: string]: LocalKms | AwsKms | AzureKms | GcpKms | KmipKms
}
/**
 * A master key in a file or a variable; for development.
 * 
 * This interface was referenced by `KmsProviders`'s JSON-Schema definition
 * via the `patternProperty` "^local(:[A-Za-z0-9_]+)?$".
 */
export interface LocalKms {
key: SecretSource
}
/**
 * Where a secret is read from when it is needed; never the secret itself.
 */
export interface SecretSource {
/**
 * The name of an environment variable.
 */
fromEnv?: string
/**
 * A file whose content, without the final line end, is the secret.
 */
fromFile?: string
}
/**
 * AWS KMS; empty: the credentials that the machine has (@aws-sdk/credential-providers).
 * 
 * This interface was referenced by `KmsProviders`'s JSON-Schema definition
 * via the `patternProperty` "^aws(:[A-Za-z0-9_]+)?$".
 */
export interface AwsKms {
accessKeyId?: TextOrSource
secretAccessKey?: SecretSource
sessionToken?: SecretSource
tls?: KmsTls
}
/**
 * TLS to the service: files, relative to this one.
 */
export interface KmsTls {
/**
 * Who signed the service's certificate.
 */
tlsCAFile?: string
/**
 * Our certificate with its private key.
 */
tlsCertificateKeyFile?: string
tlsCertificateKeyFilePassword?: SecretSource
}
/**
 * Azure Key Vault; empty: the identity that the machine has.
 * 
 * This interface was referenced by `KmsProviders`'s JSON-Schema definition
 * via the `patternProperty` "^azure(:[A-Za-z0-9_]+)?$".
 */
export interface AzureKms {
tenantId?: TextOrSource
clientId?: TextOrSource
clientSecret?: SecretSource
identityPlatformEndpoint?: TextOrSource
accessToken?: SecretSource
tls?: KmsTls
}
/**
 * Google Cloud KMS; empty: the account that the machine has (gcp-metadata).
 * 
 * This interface was referenced by `KmsProviders`'s JSON-Schema definition
 * via the `patternProperty` "^gcp(:[A-Za-z0-9_]+)?$".
 */
export interface GcpKms {
email?: TextOrSource
privateKey?: SecretSource
endpoint?: TextOrSource
accessToken?: SecretSource
tls?: KmsTls
}
/**
 * A KMIP server.
 * 
 * This interface was referenced by `KmsProviders`'s JSON-Schema definition
 * via the `patternProperty` "^kmip(:[A-Za-z0-9_]+)?$".
 */
export interface KmipKms {
endpoint: TextOrSource
tls?: KmsTls
}
/**
 * Clusters by the name that --cluster takes.
 */
export interface ClusterEntries {
[k: string]: ClusterEntry
}
export interface ClusterEntry {
uri: UriSource
/**
 * Policy files and folders of this cluster, relative to this file, instead of those above.
 * 
 * @minItems 1
 */
policies?: [string, ...(string)[]]
/**
 * Folder of this cluster's migration files, relative to this file. Default: migrations, or migrations/NAME where several clusters are named.
 */
migrations?: string
variables?: ClusterVariables
cluster?: ClusterDemands
kmsProviders?: KmsProviders
}
/**
 * Where the connection string is read from; it holds credentials and does not belong in a file under version control.
 */
export interface UriSource {
/**
 * The name of an environment variable.
 */
fromEnv?: string
/**
 * A file whose content, without the final line end, is the connection string.
 */
fromFile?: string
}
/**
 * Values for ${name} in policies, for this cluster.
 */
export interface ClusterVariables {
[k: string]: string
}
/**
 * What this deployment must be, instead of what the policy says.
 */
export interface ClusterDemands {
/**
 * Whether clients must log in (security.authorization).
 */
authorization?: ("enabled" | "disabled")
/**
 * The least that net.tls.mode may be.
 */
tls?: ("disabled" | "allowTLS" | "preferTLS" | "requireTLS")
/**
 * A range of server versions, such as >=5.0.
 */
version?: string
/**
 * true: MongoDB must still support the release line of the server.
 */
supported?: boolean
/**
 * The lowest version of TLS that the server may speak.
 */
tlsVersion?: ("1.1" | "1.2" | "1.3")
/**
 * The authentication mechanisms that the server may accept, and no others.
 * 
 * @minItems 1
 */
mechanisms?: [string, ...(string)[]]
/**
 * The addresses that the server may listen on (net.bindIp), and no others.
 * 
 * @minItems 1
 */
bindIp?: [string, ...(string)[]]
/**
 * disabled: nobody on the machine may make the first account without a login (enableLocalhostAuthBypass).
 */
localhostException?: ("enabled" | "disabled")
/**
 * disabled: no query may run JavaScript on the server (security.javascriptEnabled).
 */
serverSideJavaScript?: ("enabled" | "disabled")
/**
 * enabled: the server keeps an audit log of its own (auditLog; Enterprise, Percona, Atlas).
 */
auditing?: ("enabled" | "disabled")
/**
 * enabled: the server encrypts its files (security.enableEncryption; Enterprise, Percona).
 */
encryptionAtRest?: ("enabled" | "disabled")
}
