/** Data encryption keys that a policy has made: each needs one master key, and only one. */
import { keyText, wantedKeys } from '../encryption/key-names.ts';
import { canonicalMasterKey } from '../encryption/master-key.ts';
import type { Intent, Origin } from './intent.ts';
import type { Problem } from './problem.ts';

const RULE = 'encryption/managed-keys';

/** A key that is named in several collections is one key, and every run would move it from one master key to the other. */
export function checkManagedKeys({ collections }: Intent, problems: Problem[]): void {
  const report = (origin: Origin, message: string): void =>
    void problems.push({ rule: RULE, severity: 'error', message, ...origin() });
  const known = new Map<string, { readonly masterKey: string; readonly managed: boolean; readonly at: Origin }[]>();
  for (const { encryption, origin } of collections) {
    if (encryption === undefined) continue;
    const managed = encryption.dataKeys === 'managed';
    if (encryption.kms === undefined) {
      if (!managed) continue;
      const message = 'dataKeys names no master key for the keys. Add kms, or leave dataKeys out';
      report(() => origin('encryption', 'dataKeys'), message);
      continue;
    }
    const masterKey = JSON.stringify(canonicalMasterKey({ ...encryption.kms }));
    const at = (): ReturnType<Origin> => origin('encryption', 'kms');
    for (const { name } of wantedKeys(encryption)) {
      const key = `${encryption.keyVault} ${keyText(name)}`;
      const others = known.get(key) ?? [];
      const other = others.find((each) => each.masterKey !== masterKey && (managed || each.managed));
      known.set(key, [...others, { masterKey, managed, at }]);
      if (other === undefined) continue;
      const { file, line } = other.at();
      report(at, `the key ${key} gets another master key here than in ${file}:${line}. A key has one`);
    }
  }
}
