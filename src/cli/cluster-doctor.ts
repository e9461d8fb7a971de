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
    const { readIdentity } = await import('../cluster/identity.ts');
    const config = loadConfig(terminal, args.config);
    const sealed = await encryptionFacts(terminal, args, config);
    const encryption = 'why' in sealed ? undefined : sealed.encryption;
    return usingClient(terminal, args, config, async (client, uri, name) => {
      const asked = readServer(client);
      const [server, { settings, unreadable }, identity, connection] = await Promise.all([
        asked,
        readSettings(client, uri, asked),
        readIdentity(client),
        readConnection(client, terminal.now()).catch((error: unknown) => ({
          what: 'the connection',
          why: error instanceof Error ? error.message : String(error),
        })),
      ]);
      const report = examine({
        server,
        settings,
        ...('why' in connection ? {} : { connection }),
        unreadable: [...unreadable, ...[sealed, connection].filter((part) => 'why' in part)],
        ...identity,
        ...(encryption && { encryption }),
      });
      terminal.out(
        args.format === 'json' ? jsonText(doctorJson(report)) : `${doctorText(report, name, terminal.paint)}\n`,
      );
      return report.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
    });
  },
});

/** Nothing if the policy seals no fields, or there is none. One that nobody named and that is not valid is told. */
async function encryptionFacts(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
): Promise<{ readonly encryption?: EncryptionFacts } | Unreadable> {
  let intent: Intent | undefined;
  try {
    intent = loadPolicyIfAny(terminal, args, config)?.intent;
  } catch (error) {
    if (!(error instanceof Failure) || args.policy !== undefined) throw error;
    return { what: 'the policy', why: `${error.message}; name one with --policy` };
  }
  const entries = intent?.collections.flatMap(({ encryption }) => encryption ?? []) ?? [];
  if (entries.length === 0) return {};
  const { findEncryptionLibrary } = await import('../cluster/encryption-library.ts');
  const managed = entries.filter(({ dataKeys }) => dataKeys === 'managed');
  const found = findEncryptionLibrary(libraryFolder(terminal, args));
  const encryption: EncryptionFacts = {
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
  return { encryption };
}
