/**
 * The part of a script that is the same in each: it looks at every target before the first write, asks for passwords,
 * runs what is not in place yet, and looks again. Written for mongosh, whose commands answer with promises in what is
 * marked async.
 */
export const RUNNER = `
// One text for what has the same content: objects with their keys in order, lists sorted where their order means nothing.
function textOf(value, sets) {
  if (Array.isArray(value)) {
    const texts = value.map((item) => textOf(item, sets));
    return '[' + (sets ? texts.sort() : texts).join(',') + ']';
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (value._bsontype === 'Long' || value._bsontype === 'Int32' || value._bsontype === 'Double') return String(value);
  if (value._bsontype !== undefined || value instanceof Date || value instanceof RegExp) return EJSON.stringify(value);
  return '{' + Object.keys(value).sort().map((key) => JSON.stringify(key) + ':' + textOf(value[key], sets)).join(',') + '}';
}

// A server keeps privileges as they were granted: those on one resource are put together.
function privilegesOf(list) {
  const actions = new Map();
  for (const privilege of list) {
    const key = textOf(privilege.resource, true);
    const known = actions.get(key) || { resource: privilege.resource, actions: [] };
    actions.set(key, { resource: known.resource, actions: [...new Set([...known.actions, ...privilege.actions])] });
  }
  return [...actions.values()].filter((privilege) => privilege.actions.length > 0);
}

function once(list) {
  return [...new Map(list.map((item) => [textOf(item, true), item])).values()];
}

async function presentRole({ role, db: on }) {
  const asked = { rolesInfo: { role, db: on }, showPrivileges: true, showAuthenticationRestrictions: true };
  const [found] = (await db.getSiblingDB(on).runCommand(asked)).roles;
  if (found === undefined) return undefined;
  const restrictions = once((found.authenticationRestrictions || []).flat());
  return {
    privileges: privilegesOf(found.privileges),
    roles: once(found.roles.map((held) => ({ role: held.role, db: held.db }))),
    ...(restrictions.length > 0 && { authenticationRestrictions: restrictions }),
  };
}

async function presentUser({ user, db: on }, like) {
  const asked = { usersInfo: { user, db: on }, showAuthenticationRestrictions: true };
  const [found] = (await db.getSiblingDB(on).runCommand(asked)).users;
  if (found === undefined) return undefined;
  const restrictions = once((found.authenticationRestrictions || []).flat());
  const custom = found.customData || {};
  return {
    roles: once(found.roles.map((held) => ({ role: held.role, db: held.db }))),
    ...(like.mechanisms !== undefined && { mechanisms: found.mechanisms || [] }),
    ...(restrictions.length > 0 && { authenticationRestrictions: restrictions }),
    ...(Object.keys(custom).length > 0 && { customData: custom }),
  };
}

async function presentCollection({ db: on, collection }) {
  const asked = { listCollections: 1, filter: { name: collection } };
  const [found] = (await db.getSiblingDB(on).runCommand(asked)).cursor.firstBatch;
  if (found === undefined) return undefined;
  const { validator, validationLevel, validationAction } = found.options || {};
  return {
    validator: validator || {},
    validationLevel: validationLevel || 'strict',
    validationAction: validationAction || 'error',
  };
}

async function presentIndex({ db: on, collection, index }) {
  let answer;
  try {
    answer = await db.getSiblingDB(on).runCommand({ listIndexes: collection });
  } catch (error) {
    // There is no such collection yet.
    if (error.code === 26) return undefined;
    throw error;
  }
  const found = answer.cursor.firstBatch.find(({ name }) => name === index);
  if (found === undefined) return undefined;
  const { v, ns, ...rest } = found;
  return rest;
}

const LOOKS = { role: presentRole, user: presentUser, collection: presentCollection, index: presentIndex };

// How many of the forms that a target goes through are behind it; -1: it is in none of them.
async function reached({ kind, named, forms }) {
  const sets = kind === 'role' || kind === 'user';
  const found = [];
  for (const like of [...forms].reverse()) {
    const present = await LOOKS[kind](named, like || {});
    found.push(textOf(present === undefined ? null : present, sets) === textOf(like, sets));
  }
  return found.reverse().lastIndexOf(true);
}

async function passwordFor({ user, variable }) {
  const given = variable === undefined ? undefined : process.env[variable];
  if (given !== undefined && given !== '') return given;
  print('The new password of ' + user + ':');
  return await passwordPrompt();
}

async function run() {
  const changed = [];
  const at = new Map();
  for (const [name, target] of Object.entries(TARGETS)) {
    at.set(name, await reached(target));
    if (at.get(name) < 0) changed.push(name);
  }
  if (changed.length > 0) {
    throw new Error('Nothing was written. Somebody changed since this was planned: ' + changed.join(', '));
  }
  const left = STEPS.filter((step) => step.always || at.get(step.target) < step.form);
  for (const step of left.filter(({ password }) => password !== undefined)) {
    step.command.pwd = await passwordFor(step.password);
  }
  for (const step of left) {
    print(step.does);
    const answer = await db
      .getSiblingDB(step.db)
      .runCommand({ ...step.command, writeConcern: { w: 'majority', wtimeout: 20000 } });
    if (answer.ok !== 1 || answer.writeConcernError !== undefined) {
      throw new Error(step.does + ': ' + JSON.stringify(answer.writeConcernError || answer));
    }
  }
  const open = [];
  for (const [name, target] of Object.entries(TARGETS)) {
    if ((await reached(target)) !== target.forms.length - 1) open.push(name);
  }
  if (open.length > 0) throw new Error('Every command ran, and these are not as planned: ' + open.join(', '));
  print(left.length === 0 ? 'Everything was in place already. Nothing was written.' : 'Done: ' + left.length + ' of ' + STEPS.length + ' commands. Read again: in place.');
}

run();
`;
