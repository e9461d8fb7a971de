/** Tasks of Ansible's `community.mongodb`: `mongodb_user` and `mongodb_role`, in playbooks and roles. */
import { type AnsibleNames, ansibleValue } from './ansible-values.ts';
import {
  type Command,
  fieldOf,
  type ImportNote,
  isUnresolved,
  listOf,
  mapOf,
  type Node,
  node,
  nodeOf,
  type Reader,
  textOf,
  unresolved,
} from './node.ts';
import { declare } from './resource-commands.ts';
import { yamlNodes } from './yaml-nodes.ts';

const MODULES: Readonly<Record<string, 'createUser' | 'createRole'>> = {
  mongodb_user: 'createUser',
  'community.mongodb.mongodb_user': 'createUser',
  'community.general.mongodb_user': 'createUser',
  'ansible.builtin.mongodb_user': 'createUser',
  mongodb_role: 'createRole',
  'community.mongodb.mongodb_role': 'createRole',
};

const LOOPS = ['loop', 'with_items', 'with_list', 'with_flattened'];

export const readAnsible: Reader = (file, text, variables, _db, given) => {
  const { documents, notes } = yamlNodes(file, text);
  const said = new Map([...variables].map(([name, value]) => [name, node(value, 1)] as const));
  const elsewhere = documents.flatMap(elsewhereIn).filter(({ path }) => !given.some((each) => leadsTo(path, each)));
  const found: ImportNote[] = [
    ...notes,
    ...elsewhere.map(({ path, line }) => ({
      file,
      line,
      message: `${path} is not looked into: name its files too if they are about users or roles`,
      lost: false,
    })),
  ];
  const around: Around = {
    names: said,
    said,
    set: new Set(documents.flatMap(setWithin)),
    uncertain: /(?:^|[/\\])handlers[/\\]/.test(file) ? IN_HANDLER : undefined,
  };
  const commands = documents.flatMap((document) => tasksIn(document, around)).flatMap((task) => commandsOf(file, task));
  return { commands, notes: found };
};

const IN_HANDLER = 'it is made by a handler, which runs where a task notifies it';

/** What is known where a task stands. */
interface Around {
  readonly names: AnsibleNames;
  /** What somebody has said on the command line, which wins over everything. */
  readonly said: AnsibleNames;
  /** Variables that tasks set while they run: what stands under `vars` of them is not what they are. */
  readonly set: ReadonlySet<string>;
  /** Why nobody can tell whether it runs. */
  readonly uncertain: string | undefined;
}

interface Task extends Pick<Around, 'names' | 'uncertain'> {
  readonly task: Node;
  readonly kind: 'createUser' | 'createRole';
  readonly module: Node;
}

/** What a playbook takes from other files: `tasks/users.yml`, `roles/mongo`. */
interface Elsewhere {
  readonly path: string;
  readonly line: number;
}

const OF_FILES = /^(?:ansible\.builtin\.)?(?:include|include_tasks|import_tasks|import_playbook)$/;
const OF_ROLES = /^(?:ansible\.builtin\.)?(?:include_role|import_role)$/;

function elsewhereIn(value: Node): readonly Elsewhere[] {
  const list = listOf(value);
  if (list !== undefined) return list.flatMap(elsewhereIn);
  const fields = mapOf(value);
  if (fields === undefined) return [];
  const role = (each: Node): Elsewhere => ({ path: `roles/${nameIn(each, 'name', 'role')}`, line: each.line });
  return [...fields].flatMap(([key, inner]): readonly Elsewhere[] => {
    if (OF_FILES.test(key)) return [{ path: nameIn(inner, 'file'), line: inner.line }];
    if (OF_ROLES.test(key)) return [role(inner)];
    if (key === 'roles' && fields.has('hosts')) return (listOf(inner) ?? []).map(role);
    return Object.hasOwn(MODULES, key) || key === 'vars' ? [] : elsewhereIn(inner);
  });
}

/** A name by itself, as `name=…`, or in one of those fields. */
function nameIn(value: Node, ...keys: readonly string[]): string {
  const fields = mapOf(value) ?? shortForm(value);
  const found = keys.flatMap((key) => textOf(fields.get(key)) ?? [])[0];
  return found ?? textOf(value)?.trim() ?? '…';
}

/** Whether a file that is read is the one that is meant, or one of the role. */
function leadsTo(path: string, file: string): boolean {
  const [meant, read] = [path, file].map((each) => `/${each.replaceAll('\\', '/').replace(/^(?:\.\.?\/)+/, '')}`);
  return read?.endsWith(meant ?? '') === true || read?.includes(`${meant}/`) === true;
}

/** The names that `set_fact` and `register` give a value, anywhere in it. */
function setWithin(value: Node): readonly string[] {
  const list = listOf(value);
  if (list !== undefined) return list.flatMap(setWithin);
  return [...(mapOf(value) ?? [])].flatMap(([key, inner]): readonly string[] => {
    if (/(?:^|\.)set_fact$/.test(key)) return [...(mapOf(inner) ?? shortForm(inner)).keys()];
    return key === 'register' ? [textOf(inner) ?? ''] : setWithin(inner);
  });
}

/** Tasks wherever they stand: in plays, blocks and lists; with the literal variables around them. */
function tasksIn(value: Node, around: Around): readonly Task[] {
  const list = listOf(value);
  if (list !== undefined) return list.flatMap((item) => tasksIn(item, around));
  const fields = mapOf(value);
  if (fields === undefined) return [];
  const { said, set } = around;
  const vars = [...(mapOf(fields.get('vars') ?? nodeOf({}, value.line)) ?? [])].filter(([name]) => !set.has(name));
  const names = new Map([...around.names, ...vars, ...said]);
  const when = fields.get('when');
  const uncertain =
    when === undefined ? around.uncertain : `whether it is made hangs on a condition (when: ${textOf(when) ?? '…'})`;
  const inside = { ...around, names, uncertain };
  return [...fields].flatMap(([key, inner]): readonly Task[] => {
    const called = calledBy(key, inner);
    if (called !== undefined) return [{ task: value, ...called, names, uncertain }];
    if (key === 'handlers') return tasksIn(inner, { ...inside, uncertain: IN_HANDLER });
    if (key === 'rescue') return tasksIn(inner, { ...inside, uncertain: 'it is made where another task fails' });
    return key === 'vars' || LOOPS.includes(key) ? [] : tasksIn(inner, inside);
  });
}

/** A module of ours by its name, or by `action` and `local_action`. */
function calledBy(key: string, value: Node): Pick<Task, 'kind' | 'module'> | undefined {
  if (key !== 'action' && key !== 'local_action') {
    const kind = Object.hasOwn(MODULES, key) ? MODULES[key] : undefined;
    return kind && { kind, module: value };
  }
  const written = /^\s*(\S+)\s*(.*)$/s.exec(textOf(value) ?? '');
  const name = written?.[1] ?? textOf(fieldOf(value, 'module')) ?? '';
  const kind = Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
  return kind && { kind, module: written === null ? value : node(written[2] ?? '', value.line) };
}

function commandsOf(file: string, { task, kind, module, names, uncertain }: Task): readonly Command[] {
  const fields = mapOf(module) ?? shortForm(module);
  const loop = LOOPS.flatMap((key) => fieldOf(task, key) ?? [])[0];
  if (loop === undefined) return [command(file, task, kind, fields, names, uncertain)];
  const items = listOf(ansibleValue(loop, names));
  if (items === undefined)
    return [command(file, task, kind, fields, names, 'it stands in a loop over what is not known here')];
  const variable = textOf(fieldOf(fieldOf(task, 'loop_control'), 'loop_var')) ?? 'item';
  return items.map((item) => command(file, task, kind, fields, new Map([...names, [variable, item]]), uncertain));
}

/** `mongodb_user: name=app database=shop roles=readWrite` */
function shortForm(module: Node): ReadonlyMap<string, Node> {
  const words = (textOf(module) ?? '').match(/\w+=(?:"[^"]*"|'[^']*'|\{\{.*?\}\}|\S)+/g) ?? [];
  return new Map(
    words.map((word) => {
      const at = word.indexOf('=');
      return [word.slice(0, at), node(word.slice(at + 1).replaceAll(/^["']|["']$/g, ''), module.line)] as const;
    }),
  );
}

function command(
  file: string,
  task: Node,
  kind: 'createUser' | 'createRole',
  fields: ReadonlyMap<string, Node>,
  names: AnsibleNames,
  uncertain: string | undefined,
): Command {
  const field = (...keys: readonly string[]): Node | undefined => {
    const found = keys.flatMap((key) => fields.get(key) ?? [])[0];
    return found === undefined ? undefined : ansibleValue(found, names);
  };
  const state = field('state');
  const common = { file, line: task.line, name: field('name', 'user', 'role'), db: field('database', 'db'), uncertain };
  if (textOf(state) === 'absent') {
    const made = declare(kind, { ...common, fields: {} });
    return { ...made, name: kind === 'createUser' ? 'dropUser' : 'dropRole' };
  }
  const hangs =
    state !== undefined && isUnresolved(state.data) ? 'whether it is made hangs on a variable (state)' : uncertain;
  if (kind === 'createUser') {
    const roles = rolesOf(field('roles', 'role'), common.db);
    return declare(kind, {
      ...common,
      uncertain: hangs,
      fields: { pwd: field('password'), roles: roles ?? nodeOf([], task.line) },
    });
  }
  return declare(kind, {
    ...common,
    uncertain: hangs,
    fields: {
      privileges: field('privileges'),
      roles: rolesOf(field('roles'), common.db),
      authenticationRestrictions: field('authenticationRestrictions'),
    },
  });
}

/** A list of names or documents, or names with commas; in a document the database is that of the user where it is not said. */
function rolesOf(roles: Node | undefined, db: Node | undefined): Node | undefined {
  if (roles === undefined) return undefined;
  const text = textOf(roles);
  const list =
    text === undefined
      ? listOf(roles)
      : text
          .split(',')
          .filter(Boolean)
          .map((name) => node(name.trim(), roles.line));
  if (list === undefined) return roles;
  return node(
    list.map((item) => {
      const fields = mapOf(item);
      const home = fields?.get('db') ?? fields?.get('database') ?? db;
      if (fields === undefined) return item;
      const role = fields.get('role') ?? fields.get('name') ?? unresolved('a role without a name', item.line);
      return node(new Map([['role', role], ...(home === undefined ? [] : [['db', home] as const])]), item.line);
    }),
    roles.line,
  );
}
