/** What the doctor found, for people; and as JSON. */
import type { Certificate, Connection } from '../cluster/connection.ts';
import type { DoctorReport, EncryptionFacts } from '../cluster/doctor.ts';
import type { DoctorReport as DoctorJson } from '../generated/output-cluster-doctor.ts';
import { formatNamespace } from '../model/names.ts';
import { count, oneLine, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export function doctorText(report: DoctorReport, name: string, paint: Paint): string {
  const { server, settings, connection, account, roles, commands, findings, encryption } = report;
  const line = (label: string, text: string): string =>
    `${paint('cyan', label.padEnd(14))} ${wrap(text, 15, paint.width)}`;
  const facts = [
    line('cluster', name),
    line('server', `MongoDB ${server.version}, ${server.edition}, ${server.topology}`),
    line('authorization', settings.authorization ?? 'unknown'),
    line('TLS', settings.tls ?? 'unknown'),
    ...(connection === undefined ? [] : connectionTexts(connection).map(([label, text]) => line(label, text))),
    line('account', account ?? 'nobody'),
    line('roles', roles.length === 0 ? 'none' : roles.join(', ')),
    ...(encryption === undefined
      ? []
      : [
          line('key vaults', encryption.keyVaults.map(vaultText).join(', ')),
          line('library', libraryText(encryption.library)),
        ]),
  ];
  const checks = commands.map(({ command, lacks }) =>
    lacks.length === 0
      ? `${paint('green', 'can')}    ${command}`
      : `${paint('yellow', 'lacks')}  ${wrap(`${command}: ${lacks.join(', ')}`, 7, paint.width)}`,
  );
  const styles = { error: 'red', warning: 'yellow', info: 'cyan' } as const;
  const said = findings.map(
    ({ severity, message }) =>
      `${paint(styles[severity], severity)} ${wrap(message, severity.length + 1, paint.width)}`,
  );
  const well = closing(report);
  return [facts.join('\n'), checks.join('\n'), said.join('\n'), paint('bold', well)]
    .filter((b) => b !== '')
    .join('\n\n');
}

function connectionTexts(connection: Connection): readonly (readonly [string, string])[] {
  if (!connection.tls) return [['connection', 'not encrypted']];
  const { protocol, verified, server, client } = connection;
  return [
    ['connection', `${protocol}, the server's certificate is ${verified ? '' : 'not '}checked`],
    ['certificate', certificateText(server)],
    ...(client === undefined ? [] : [['its own', certificateText(client)] as const]),
  ];
}

function certificateText({ subject, until, days }: Certificate): string {
  return `${oneLine(subject)}, until ${until} (${count(days, 'day')})`;
}

/** Whatever was not seen may be wrong. */
function closing({ findings, commands }: DoctorReport): string {
  if (findings.some(({ severity }) => severity === 'error')) return 'Something has to be done.';
  if (findings.some(({ severity }) => severity === 'warning')) return 'It works, and something needs a look.';
  const lacking = commands.filter(({ lacks }) => lacks.length > 0).length;
  return lacking === 0 ? 'In good health.' : 'It works, but not for every command: the account lacks what is listed.';
}

function vaultText({ ns, managed }: EncryptionFacts['keyVaults'][number]): string {
  return `${formatNamespace(ns)} (${managed ? 'managed' : 'external'} keys)`;
}

function libraryText(library: EncryptionFacts['library']): string {
  if (library === undefined) return 'mongodb-client-encryption is not installed';
  return `mongodb-client-encryption ${library.version} in ${library.folder}`;
}

export function doctorJson(report: DoctorReport): DoctorJson {
  const { server, settings, connection, account, roles, commands, findings, encryption } = report;
  return {
    server: { version: server.version, edition: server.edition, topology: server.topology },
    settings: settingsJson(settings),
    ...(connection && { connection: connectionJson(connection) }),
    ...(account === undefined ? {} : { account }),
    roles: [...roles],
    commands: commands.map(({ command, lacks }) => ({ command, lacks: [...lacks] })),
    ...(encryption && { encryption: encryptionJson(encryption, server.edition !== 'community') }),
    findings: findings.map(({ severity, message }) => ({ severity, message })),
    summary: { errors: findings.filter(({ severity }) => severity === 'error').length },
  };
}

function connectionJson(connection: Connection): NonNullable<DoctorJson['connection']> {
  if (!connection.tls) return { tls: false };
  const { protocol, verified, server, client } = connection;
  return { tls: true, protocol, verified, server: { ...server }, ...(client && { client: { ...client } }) };
}

function encryptionJson(
  { keyVaults, library, unreachable }: EncryptionFacts,
  automatic: boolean,
): NonNullable<DoctorJson['encryption']> {
  return {
    automaticEncryption: automatic,
    keyVaults: keyVaults.map(({ ns, managed }) => ({
      ns: formatNamespace(ns),
      dataKeys: managed ? 'managed' : 'external',
    })),
    ...(library && { library: { version: library.version, folder: library.folder } }),
    unreachable: [...unreachable],
  };
}

function settingsJson({ mechanisms, bindIp, ...settings }: DoctorReport['settings']) {
  return {
    ...settings,
    ...(mechanisms && { mechanisms: [...mechanisms] }),
    ...(bindIp && { bindIp: [...bindIp] }),
  };
}
