import type { CommandContext } from '../../../src/access/commands/index.ts';
import { BY_MONGOS, type Command, KNOWN, ON_4_4, ON_8_0, refuses, says, UUID } from './said.ts';

const KNOWN_4_4: CommandContext = { ...KNOWN, version: '4.4.4' };
const INSERT = { op: 'i', ns: 'app.a', o: {} };

function command(o: Command, rest: Command = {}): Command {
  return { op: 'c', ns: 'app.$cmd', o, ...rest };
}

says([
  [{ applyOps: [INSERT] }, 'insert on app.a', ON_4_4],
  [{ applyOps: [INSERT] }, 'applyOps on cluster and insert on app.a', { ...ON_4_4, version: '4.4.9' }],
  [{ applyOps: [INSERT] }, 'applyOps on cluster and insert on app.a', ON_8_0],
  [{ applyOps: [{ op: 'u', ns: 'app.a', o2: {}, o: {} }] }, 'update on app.a and insert on app.a', ON_4_4],
  [{ applyOps: [{ op: 'u', ns: 'app.a', o2: {}, o: {} }], alwaysUpsert: false }, 'update on app.a', ON_4_4],
  [
    { applyOps: [{ op: 'u', ns: 'app.a', o2: {}, o: {}, b: true }], alwaysUpsert: false },
    'update on app.a and insert on app.a',
    ON_4_4,
  ],
  [{ applyOps: [{ op: 'd', ns: 'app.a', o: {} }, INSERT] }, 'remove on app.a and insert on app.a', ON_4_4],
  [
    { applyOps: [INSERT], bypassDocumentValidation: true },
    'insert on app.a and bypassDocumentValidation on app.a',
    ON_4_4,
  ],
  [{ applyOps: [{ op: 'n', ns: '', o: {} }] }, 'appendOplogNote on cluster', ON_4_4],
  [
    { applyOps: [INSERT], preCondition: [{ ns: 'app.b', q: {}, res: {} }] },
    'insert on app.a and find on app.b',
    ON_4_4,
  ],

  [{ applyOps: [command({ drop: 'a' })] }, 'dropCollection on app.a', ON_4_4],
  [{ applyOps: [command({ create: 'a' })] }, 'createCollection on app.a or insert on app.a', ON_4_4],
  [
    { applyOps: [command({ renameCollection: 'app.a', to: 'other.b' })] },
    'find on app.a and dropCollection on app.a and insert on other.b and createIndex on other.b',
    ON_4_4,
  ],
  [{ applyOps: [command({ applyOps: [INSERT] })] }, 'insert on app.a', ON_4_4],

  [{ applyOps: [{ ...INSERT, ui: UUID }] }, 'useUUID on cluster and insert on app.a', ON_4_4],
  [{ applyOps: [{ ...INSERT, ui: UUID }] }, 'useUUID on cluster and insert on app.hidden', KNOWN_4_4],
  [{ applyOps: [command({ drop: 'a' }, { ui: UUID })] }, 'useUUID on cluster and dropCollection on app.a', KNOWN_4_4],
  [{ applyOps: [command({ drop: 'a', id: UUID })] }, 'useUUID on cluster and dropCollection on app.a', ON_4_4],
  [
    { applyOps: [command({ create: 'a' }, { ui: UUID })] },
    'forceUUID on cluster and useUUID on cluster and (createCollection on app.a or insert on app.a)',
    ON_4_4,
  ],

  [{ applyOps: [{ ...INSERT, o: { create: 'a' } }, INSERT] }, 'insert on app.a', ON_4_4],
  [{ applyOps: [] }, 'every action on every resource', ON_4_4],
  [{ applyOps: [] }, 'applyOps on cluster and every action on every resource', ON_8_0],
  [{ applyOps: [command({ create: 'a' }), INSERT] }, 'every action on every resource', ON_4_4],
  [{ applyOps: [command({ applyOps: [] })] }, 'every action on every resource', ON_4_4],
  [{ applyOps: [{ op: 'db', ns: 'app', o: {} }] }, 'every action on every resource', ON_4_4],
  [
    { applyOps: [INSERT] },
    "what nobody has: mongos has no applyOps; it is given to a shard, by the shard's own accounts",
    BY_MONGOS,
  ],
]);

function nested(depth: number): Command {
  let inner: Command = { applyOps: [INSERT] };
  for (let level = 0; level < depth; level += 1) inner = { applyOps: [command(inner)] };
  return inner;
}

says([[nested(10), 'insert on app.a', ON_4_4]]);

refuses([
  [nested(11), 'applyOps: lists are nested more than 10 deep'],
  [{ applyOps: {} }, 'applyOps: the list must be an array, not a document'],
  [{ applyOps: [{ ns: 'app.a' }] }, 'applyOps: op must be a name, not absent'],
  [{ applyOps: [{ op: 'x', ns: 'app.a' }] }, 'applyOps: an entry has the unknown op "x"'],
  [{ applyOps: [{ op: 'c', ns: 'app.$cmd' }] }, 'applyOps: o must be a document, not absent'],
  [{ applyOps: [command({ nonsense: 1 })] }, 'there is no command "nonsense"'],
]);
