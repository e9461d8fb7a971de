/* Generated from schema/ by `npm run generate`. Do not edit. */
/**
 * error: exit code 1; warning: exit code 1 past --max-warnings; info: only said; off: not looked for.
 */
export type RuleLevel = ("error" | "warning" | "info" | "off")

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
 * Clusters by the name that --cluster takes.
 */
export interface ClusterEntries {
[k: string]: ClusterEntry
}
export interface ClusterEntry {
uri: UriSource
variables?: ClusterVariables
cluster?: ClusterDemands
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
}
