/** `cluster doctor`: what a cluster is, and what the account may do with this program. */
import { type EncryptionFacts, examine } from '../cluster/doctor.ts';
import { Failure } from '../failure.ts';
import { parseNamespace } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { Intent } from '../policy/intent.ts';
import { doctorJson, doctorText } from '../report/doctor-text.ts';
import { jsonText } from '../report/json-text.ts';
import type { Unreadable } from '../state/state.ts';
import { defineCommand } from './command.ts';
import { withCluster, withFormat, withPolicy } from './common-options.ts';
import { type Config, loadConfig } from './files.ts';
import { type CommonArguments, loadPolicyIfAny, usingClient } from './inputs.ts';
import { libraryFolder, unnamedProviders, withEncryptionLibrary } from './kms-providers.ts';
import { readFolderIfAny } from './migrations-folder.ts';
import type { Terminal } from './terminal.ts';

export const clusterDoctor = defineCommand({
  command: 'doctor',
  describe: 'Say whether a cluster can be reached, as whom, and what that account lacks',
  examples: [
    ['$0 cluster doctor --cluster prod', 'Exit with 1 if something has to be done'],
    ['$0 cluster doctor --cluster prod --policy policies', 'Also what the sealed fields of that policy need'],
  ],
  options: (yargs) => withFormat(withEncryptionLibrary(withCluster(withPolicy(yargs))), ['text', 'json']),
  run: async (args, terminal) => {
    const { readServer } = await import('../cluster/read-state.ts');
    const { readSettings } = await import('../cluster/settings.ts');
    const { readConnection } = await import('../cluster/connection.ts');
    const { readBuckets } = await import('../cluster/read-buckets.ts');
    const { readIdentity } = await import('../cluster/identity.ts');
    const config = loadConfig(terminal, args.config);
    const policy = policyIfValid(terminal, args, config);
    const intent = 'why' in policy ? undefined : policy.intent;
    const encryption = intent && (await encryptionFacts(terminal, args, config, intent));
    return usingClient(terminal, args, config, async (client, uri, name) => {
      const asked = readServer(client);
      const [server, { settings, unreadable }, identity, connection, buckets] = await Promise.all([
        asked,
        readSettings(client, uri, asked),
        readIdentity(client),
        readConnection(client, terminal.now()).catch((error: unknown) => ({
          what: 'the connection',
          why: error instanceof Error ? error.message : String(error),
        })),
        intent === undefined
          ? []
          : readBuckets(
              client,
              intent.collections.map(({ ns }) => ns),
            ),
      ]);
      const report = examine({
        server,
        settings,
        ...('why' in connection ? {} : { connection }),
        unreadable: [...unreadable, ...[policy, connection].filter((part) => 'why' in part)],
        ...identity,
        ...(encryption && { encryption }),
        project: {
          migrations: hasMigrations(terminal, args, config),
          parameters: intent !== undefined && PARAMETERS.some((demand) => intent.cluster[demand] !== undefined),
          buckets,
        },
      });
      terminal.out(
        args.format === 'json' ? jsonText(doctorJson(report)) : `${doctorText(report, name, terminal.paint)}\n`,
      );
      return report.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
    });
  },
});

/** What the server tells by `getParameter` alone. */
const PARAMETERS = ['mechanisms', 'localhostException'] as const;

/** Nothing if there is none. One that nobody named and that is not valid is told. */
function policyIfValid(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
): { readonly intent?: Intent } | Unreadable {
  try {
    const policy = loadPolicyIfAny(terminal, args, config);
    return policy === undefined ? {} : { intent: policy.intent };
  } catch (error) {
    if (!(error instanceof Failure) || args.policy !== undefined) throw error;
    return { what: 'the policy', why: `${error.message}; name one with --policy` };
  }
}

/** A folder that can't be read counts as one with files: whoever mends it needs the right that these take. */
function hasMigrations(terminal: Terminal, args: CommonArguments, config: Config): boolean {
  try {
    return readFolderIfAny(terminal, args, config).texts.length > 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return true;
  }
}

/** Nothing if the policy seals no fields. */
async function encryptionFacts(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
  { collections }: Intent,
): Promise<EncryptionFacts | undefined> {
  const entries = collections.flatMap(({ encryption }) => encryption ?? []);
  if (entries.length === 0) return undefined;
  const { findEncryptionLibrary } = await import('../cluster/encryption-library.ts');
  const managed = entries.filter(({ dataKeys }) => dataKeys === 'managed');
  const found = findEncryptionLibrary(libraryFolder(terminal, args));
  return {
    keyVaults: sortedSet(entries.map(({ keyVault }) => keyVault)).flatMap((keyVault) => {
      const ns = parseNamespace(keyVault);
      return ns === undefined ? [] : [{ ns, managed: managed.some((entry) => entry.keyVault === keyVault) }];
    }),
    ...(found.version !== undefined && { library: found }),
    unreachable: unnamedProviders(
      args.cluster,
      config,
      managed.flatMap(({ kms }) => kms?.provider ?? []),
    ),
  };
}
