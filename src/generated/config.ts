/* Generated from schema/ by `npm run generate`. Do not edit. */
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
clusters?: ClusterEntries
}
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
 * What the deployment itself must be.
 */
export interface ClusterDemands {
authorization?: ("enabled" | "disabled")
tls?: ("disabled" | "allowTLS" | "preferTLS" | "requireTLS")
/**
 * A range of server versions, such as >=5.0.
 */
version?: string
}
